// Writes java-map-orders.json: java packages/converters/testdata/JavaMapOrders.java > packages/converters/testdata/java-map-orders.json
// The order in which a HashMap iterates over keys of a schema type that were put in the order of `put`, all as text.
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

class JavaMapOrders {
    static final List<String> LINES = new ArrayList<>();
    static final Random RANDOM = new Random(20261123);

    static String json(Iterable<?> keys) {
        List<String> texts = new ArrayList<>();
        for (Object key : keys) texts.add("\"" + (key instanceof Date ? ((Date) key).getTime() : key) + "\"");
        return "[" + String.join(",", texts) + "]";
    }

    static <K> void add(String type, Function<Random, K> next) {
        for (int n = 0; n < 40; n++) {
            Map<Object, Integer> map = new HashMap<>();
            LinkedHashSet<Object> put = new LinkedHashSet<>();
            for (int k = RANDOM.nextInt(40); k >= 0; k--) put.add(next.apply(RANDOM));
            for (Object key : put) map.put(key, 1);
            LINES.add("{\"type\":\"" + type + "\",\"put\":" + json(put) + ",\"iterated\":" + json(map.keySet()) + "}");
        }
    }

    public static void main(String[] args) {
        add("INT8", r -> (byte) r.nextInt());
        add("INT16", r -> (short) r.nextInt());
        add("INT32", r -> r.nextBoolean() ? r.nextInt(100) - 50 : r.nextInt());
        add("INT64", r -> r.nextBoolean() ? (long) r.nextInt(100) - 50 : r.nextLong());
        add("FLOAT32", r -> r.nextBoolean() ? (float) r.nextInt(20) : r.nextFloat());
        add("FLOAT64", r -> r.nextBoolean() ? (double) r.nextInt(20) - 10 : r.nextDouble() * 1e6);
        add("BOOLEAN", r -> r.nextBoolean());
        add("Timestamp", r -> new Date(r.nextLong() >> 12));
        add("STRING", r -> "key" + r.nextInt(1000));
        add("Decimal", r -> new BigDecimal(new BigInteger(r.nextInt(140), r).multiply(BigInteger.valueOf(r.nextBoolean() ? 1 : -1)), 2));
        System.out.println("[\n" + String.join(",\n", LINES) + "\n]");
    }
}
