import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;

/**
 * Writes java-texts.json: what Java prints for dates, decimals and floating-point numbers.
 *
 *   java JavaTexts.java > java-texts.json
 *
 * Float.toString and Double.toString changed in Java 19; so that any JDK gives the same file, their texts are found here
 * from the definition of 19 by exact arithmetic: of the decimals that read back as the number take the shortest, of at
 * least two digits, and of these the one nearest to it.
 */
public class JavaTexts {
    interface Reads { boolean back(String text); }

    static String floating(BigDecimal exact, Reads reads) {
        BigDecimal best = null;
        for (int digits = 1; best == null; digits++) best = nearest(exact, digits, reads);
        if (best.precision() == 1) {
            BigDecimal two = nearest(exact, 2, reads);
            if (two != null) best = two;
        }
        String all = best.unscaledValue().toString();
        int exponent = all.length() - 1 - best.scale();
        all = all.replaceFirst("0+$", "");
        if (exponent >= -3 && exponent < 7) {
            String plain = new BigDecimal(new BigInteger(all), all.length() - 1 - exponent).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String fraction = all.length() == 1 ? "0" : all.substring(1);
        return all.charAt(0) + "." + fraction + "E" + exponent;
    }

    static BigDecimal nearest(BigDecimal exact, int digits, Reads reads) {
        BigDecimal below = exact.round(new MathContext(digits, RoundingMode.FLOOR));
        BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
        boolean isBelow = reads.back(below.toString()), isAbove = reads.back(above.toString());
        if (isBelow && isAbove) {
            int order = exact.subtract(below).compareTo(above.subtract(exact));
            if (order == 0) return below.unscaledValue().testBit(0) ? above : below;
            return order < 0 ? below : above;
        }
        return isBelow ? below : isAbove ? above : null;
    }

    static String text(double x) {
        if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) return Double.toString(x);
        String text = floating(new BigDecimal(Math.abs(x)), t -> Double.parseDouble(t) == Math.abs(x));
        return x < 0 ? "-" + text : text;
    }

    static String text(float x) {
        if (x == 0 || Float.isNaN(x) || Float.isInfinite(x)) return Float.toString(x);
        String text = floating(new BigDecimal(Math.abs(x)), t -> Float.parseFloat(t) == Math.abs(x));
        return x < 0 ? "-" + text : text;
    }

    static StringBuilder out = new StringBuilder();

    static void section(String name) {
        out.append(out.length() == 0 ? "{\n" : "\n],\n").append('"').append(name).append("\": [");
        first = true;
    }

    static boolean first;

    static void row(String row) {
        out.append(first ? "\n" : ",\n").append(row);
        first = false;
    }

    public static void main(String[] args) {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Locale.setDefault(Locale.US);
        Random random = new Random(4301);
        section("dates");
        long[] times = {0, -1, 1, 1700000000000L, -12219292800000L, -12219292800001L, -62135596800000L, -62135769600000L,
            -62135769600001L, 253402300800000L, 8640000000000000L, -8640000000000000L, 951782400000L, -2208988800000L};
        for (long ms : times) date(ms);
        for (int i = 0; i < 150; i++) date((long) (random.nextGaussian() * 1e13) - (i % 2 == 0 ? 0 : 40000000000000L));
        section("decimals");
        String[] texts = {"0", "0.0", "-0", "0E+3", "0E-7", "1E+3", "1e-9", "1.50", "-1.5", "+7", ".5", "5.", "123.456E2", "0.000001",
            "0.0000001", "10", "100E-2", "1E99999999", "-1E-99999999", "9223372036854775808", "00012.300"};
        for (String t : texts) decimal(t);
        for (int i = 0; i < 200; i++) {
            decimal(new BigDecimal(new BigInteger(random.nextInt(140), random).multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
                random.nextInt(60) - 20).toString());
        }
        section("doubles");
        double[] doubles = {0.0, -0.0, 1, -1, 0.1, 1e7, 9999999, 9999999.999, 1e-3, 9.99e-4, 1e21, 1e22, 1e23, 2e23, 4.9e-324, 1e-323,
            2e-323, 1.5e-323, 2.2250738585072014e-308, 1.7976931348623157e308, 123456789012345680.0, 2e-3, 100, 1.0e10, 5e-5};
        for (double x : doubles) number(x, text(x));
        for (int i = 0; i < 300; i++) {
            double x = i % 3 == 0 ? Double.longBitsToDouble(random.nextLong()) : i % 3 == 1 ? random.nextInt(100000) / 100.0
                : Math.scalb(1.0, random.nextInt(2098) - 1074);
            if (!Double.isNaN(x) && !Double.isInfinite(x)) number(x, text(x));
        }
        section("floats");
        float[] floats = {0f, -0f, 1f, 0.1f, 1e7f, 9999999f, 1e-3f, 1.4e-45f, 2.8e-45f, 4.2e-45f, 3.4028235e38f, 1.17549435e-38f, 16777216f,
            33554432f, 1e10f, 0.3f, 8.5899346E9f, 2e-3f, 5e-5f};
        for (float x : floats) number(x, text(x));
        for (int i = 0; i < 600; i++) {
            float x = i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : i % 3 == 1 ? random.nextInt(100000) / 100.0f
                : Math.scalb(1.0f, random.nextInt(277) - 149);
            if (!Float.isNaN(x) && !Float.isInfinite(x)) number(x, text(x));
        }
        System.out.println(out.append("\n]\n}"));
    }

    static void date(long ms) {
        row("[" + ms + ",\"" + new Date(ms) + "\"]");
    }

    static void decimal(String text) {
        BigDecimal d = new BigDecimal(text);
        String bytes = Base64.getEncoder().encodeToString(d.unscaledValue().toByteArray());
        row("[\"" + text + "\",\"" + d + "\",\"" + d.unscaledValue() + "\"," + d.scale() + ",\"" + bytes + "\"]");
    }

    /** The number itself as its bits, so that no reader has to parse a float. */
    static void number(double x, String text) {
        row("[\"" + Long.toHexString(Double.doubleToRawLongBits(x)) + "\",\"" + text + "\"]");
    }
}
