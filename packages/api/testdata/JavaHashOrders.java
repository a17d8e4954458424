// Writes java-hash-orders.json: java packages/api/testdata/JavaHashOrders.java > packages/api/testdata/java-hash-orders.json
// Maps that are made as a copy of `copied` (each key in turn put into the map that is copied, which keeps their order)
// and then get `put`; or, where `copied` is empty, made empty. `iterated` is the order in which they iterate.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class JavaHashOrders {
    static final List<String> LINES = new ArrayList<>();

    static String json(Iterable<String> keys) {
        List<String> texts = new ArrayList<>();
        for (String key : keys) texts.add("\"" + key + "\"");
        return "[" + String.join(", ", texts) + "]";
    }

    static void add(List<String> copied, List<String> put) {
        Map<String, Integer> source = new LinkedHashMap<>();
        for (String key : copied) source.put(key, 1);
        Map<String, Integer> map = copied.isEmpty() ? new HashMap<>() : new HashMap<>(source);
        for (String key : put) map.put(key, 2);
        LINES.add("  { \"copied\": " + json(copied) + ", \"put\": " + json(put) + ", \"iterated\": " + json(map.keySet()) + " }");
    }

    public static void main(String[] args) throws Exception {
        add(List.of(), Arrays.asList("protocol", "table"));
        add(List.of(), Arrays.asList("topic", "partition", "cluster"));
        add(List.of(), Arrays.asList("group", "topic", "partition"));
        add(List.of(), Arrays.asList("Aa", "BB", "AaBB", "BBAa"));
        add(Arrays.asList("key"), Arrays.asList("zeta"));
        add(Arrays.asList("key", "zeta"), Arrays.asList("topic", "alpha"));
        add(Arrays.asList("BB", "Aa"), Arrays.asList("AaAa", "BBBB", "AaBB", "BBAa"));
        String[] words = "id name größe topic partition offset timestamp value table user city price tags note état 日本 ключ a b c d e f g".split(" ");
        Random random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            List<String> copied = new ArrayList<>();
            List<String> put = new ArrayList<>();
            int copies = random.nextInt(3) == 0 ? 0 : random.nextInt(30), puts = random.nextInt(8);
            for (int k = 0; k < copies; k++) copied.add(words[random.nextInt(words.length)] + (random.nextBoolean() ? "" : random.nextInt(50)));
            for (int k = 0; k < puts; k++) put.add(words[random.nextInt(words.length)] + (random.nextBoolean() ? "" : random.nextInt(50)));
            add(new ArrayList<>(new LinkedHashMap<String, Integer>() {{ for (String key : copied) put(key, 1); }}.keySet()), put);
        }
        System.out.write(("[\n" + String.join(",\n", LINES) + "\n]\n").getBytes("UTF-8"));
        System.out.flush();
    }
}
