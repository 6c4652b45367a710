package dev.pawl.json;

import dev.pawl.core.Failure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import tools.jackson.databind.JsonNode;

/**
 * Numbers as ECMAScript writes them (ECMA-262, Number::toString), but exactly: the text always denotes the very decimal
 * that was given. For a double that is its shortest decimal, as {@code Double.toString} finds it since JDK 19.
 */
final class NumberText {

    /** From here on, a whole double may not be the only one of its value. */
    private static final double WHOLE = 1L << 53;

    private NumberText() {}

    static void append(JsonNode number, StringBuilder out) {
        switch (number.numberType()) {
            case INT, LONG -> out.append(number.longValue());
            case BIG_INTEGER -> {
                var whole = number.bigIntegerValue();
                decimal(whole.signum() < 0, whole.abs().toString(), 0, out);
            }
            case BIG_DECIMAL -> {
                BigDecimal exact = number.decimalValue();
                decimal(exact.signum() < 0, exact.unscaledValue().abs().toString(), -(long) exact.scale(), out);
            }
            case DOUBLE -> floating(number.doubleValue(), out);
            // A float is the decimal that it is written as, not the double next to it.
            case FLOAT -> spelled(Float.toString(number.floatValue()), out);
        }
    }

    private static void floating(double value, StringBuilder out) {
        long whole = (long) value;
        if (whole == value && Math.abs(value) < WHOLE) out.append(whole);
        else spelled(Double.toString(value), out);
    }

    /** As {@code Double.toString} spells numbers: {@code -12.5}, {@code 1.0E-7}. */
    private static void spelled(String text, StringBuilder out) {
        boolean negative = text.charAt(0) == '-';
        int point = text.indexOf('.');
        if (point < 0) {
            throw new Failure.Logic(text + " is no number in JSON. Write null or a string instead.");
        }
        int e = text.indexOf('E');
        int end = e < 0 ? text.length() : e;
        int exponent = e < 0 ? 0 : Integer.parseInt(text, e + 1, text.length(), 10);
        String digits = text.substring(negative ? 1 : 0, point) + text.substring(point + 1, end);
        decimal(negative, digits, exponent - (end - point - 1), out);
    }

    /** Writes digits × 10^exponent. */
    private static void decimal(boolean negative, String digits, long exponent, StringBuilder out) {
        int from = 0;
        int to = digits.length();
        while (from < to && digits.charAt(from) == '0') from++;
        while (to > from && digits.charAt(to - 1) == '0') to--;
        if (from == to) {
            out.append('0');
            return;
        }
        long point = digits.length() + exponent - from; // where the point is, counted from the first digit that is kept
        String kept = digits.substring(from, to);
        if (negative) out.append('-');
        if (kept.length() == 2 && point < -321) {
            tiny(kept, point, out);
        } else {
            place(kept, point, out);
        }
    }

    /**
     * Java spells doubles with two digits at least, even if one is enough to tell them from their neighbours. That shows
     * at ten of the very smallest, as in 4.9E-324 for 5e-324.
     */
    private static void tiny(String digits, long point, StringBuilder out) {
        var two = new BigDecimal("0." + digits + "e" + point);
        var one = two.round(new MathContext(1, RoundingMode.HALF_EVEN));
        double value = two.doubleValue();
        boolean same = one.doubleValue() == value && new BigDecimal(Double.toString(value)).compareTo(two) == 0;
        if (same) place(one.unscaledValue().toString(), one.precision() - (long) one.scale(), out);
        else place(digits, point, out);
    }

    /** The three ways to write digits with the point after so many of them. */
    private static void place(String digits, long point, StringBuilder out) {
        int count = digits.length();
        if (point > 21 || point <= -6) {
            out.append(digits.charAt(0));
            if (count > 1) out.append('.').append(digits, 1, count);
            out.append(point > 0 ? "e+" : "e").append(point - 1);
        } else if (point <= 0) {
            out.append("0.").repeat('0', (int) -point).append(digits);
        } else if (point >= count) {
            out.append(digits).repeat('0', (int) point - count);
        } else {
            out.append(digits, 0, (int) point).append('.').append(digits, (int) point, count);
        }
    }
}
