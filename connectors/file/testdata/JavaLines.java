import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes java-lines.json: the lines that Java's reader makes of bytes that are hard to read.
 *
 *   java JavaLines.java > java-lines.json
 */
public class JavaLines {
    /** Right and nearly right UTF-8, and all line ends. */
    static final int[][] PIECES = {
        {}, {'\n'}, {'\r'}, {'\r', '\n'}, {'\n', '\r'}, {'a'}, {' '}, {0}, {0x7f}, {0xc2, 0x85}, {0xe2, 0x80, 0xa8},
        {0xef, 0xbb, 0xbf}, {0xef, 0xbf, 0xbd}, {0xc3, 0xa9}, {0xe6, 0x97, 0xa5}, {0xf0, 0x9f, 0x98, 0x80},
        {0x80}, {0xbf}, {0xc0}, {0xc0, 0x80}, {0xc1, 0xbf}, {0xc2}, {0xc3, 0x28}, {0xe0, 0x80, 0xaf}, {0xe0, 0x9f, 0xbf},
        {0xe0, 0xa0}, {0xe2, 0x82}, {0xe2, 0x28, 0xa1}, {0xe2, 0x82, 0x28}, {0xed, 0x9f, 0xbf}, {0xed, 0xa0, 0x80},
        {0xed, 0xa0}, {0xed, 0xbf, 0xbf}, {0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80}, {0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf},
        {0xf0, 0x80, 0x80, 0x80}, {0xf0, 0x8f, 0xbf, 0xbf}, {0xf0, 0x90, 0x80}, {0xf0, 0x9f}, {0xf0, 0x9f, 0x98},
        {0xf0, 0x28, 0x8c, 0xbc}, {0xf0, 0x90, 0x28, 0xbc}, {0xf0, 0x90, 0x8c, 0x28}, {0xf4, 0x8f, 0xbf, 0xbf},
        {0xf4, 0x90, 0x80, 0x80}, {0xf5, 0x80, 0x80, 0x80}, {0xf7, 0xbf, 0xbf, 0xbf}, {0xf8, 0x88, 0x80, 0x80, 0x80},
        {0xfc, 0x84, 0x80, 0x80, 0x80, 0x80}, {0xfe}, {0xff}, {0xfe, 0xff}, {0xff, 0xfe},
    };

    static void add(ByteArrayOutputStream bytes, int[] piece) {
        for (int b : piece) bytes.write(b);
    }

    static List<byte[]> inputs() {
        List<byte[]> inputs = new ArrayList<>();
        for (int[] piece : PIECES) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write('<');
            add(bytes, piece);
            bytes.write('>');
            add(bytes, piece);
            bytes.write('\n');
            inputs.add(bytes.toByteArray());
        }
        Random random = new Random(20261122);
        for (int i = 0; i < 400; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int count = 1 + random.nextInt(12); count > 0; count--) add(bytes, PIECES[random.nextInt(PIECES.length)]);
            bytes.write('\n');
            inputs.add(bytes.toByteArray());
        }
        return inputs;
    }

    static List<String> lines(byte[] input) throws IOException {
        BufferedReader reader = new BufferedReader(
            new InputStreamReader(new ByteArrayInputStream(input), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) lines.add(line);
        return lines;
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') quoted.append(c);
            else quoted.append(String.format("\\u%04x", (int) c));
        }
        return quoted.append('"').toString();
    }

    static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) hex.append(String.format("%02x", b));
        return hex.toString();
    }

    public static void main(String[] args) throws IOException {
        List<String> cases = new ArrayList<>();
        for (byte[] input : inputs()) {
            String lines = lines(input).stream().map(JavaLines::quoted).collect(Collectors.joining(","));
            cases.add("{\"hex\":\"" + hex(input) + "\",\"lines\":[" + lines + "]}");
        }
        System.out.println("[\n" + String.join(",\n", cases) + "\n]");
    }
}
