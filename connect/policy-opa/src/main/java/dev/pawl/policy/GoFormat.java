package dev.pawl.policy;

import dev.pawl.core.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Rego's {@code sprintf}, which is Go's: the verbs that messages are made with ({@code %v %s %q %d %x %X %f %t %%}), with
 * width, {@code -}, {@code 0} and, for {@code %f}, precision. A verb that does not fit its value shows that in the text, as
 * in Go: {@code %!d(string=five)}.
 */
final class GoFormat {

    private static final Pattern VERB =
            Pattern.compile("%(?<flags>[-0]*)(?<width>\\d{0,3})(?:\\.(?<precision>\\d{1,2}))?(?<verb>.?)");

    private GoFormat() {}

    /**
     * The text.
     *
     * @throws IllegalArgumentException if a verb is not known here
     */
    static String format(String format, List<JsonNode> values) {
        var text = new StringBuilder();
        Iterator<JsonNode> rest = values.iterator();
        Matcher verb = VERB.matcher(format);
        while (verb.find()) {
            verb.appendReplacement(text, "");
            text.append(pad(replacement(verb, rest), verb));
        }
        verb.appendTail(text);
        if (rest.hasNext()) {
            var extra = new StringJoiner(", ", "%!(EXTRA ", ")");
            rest.forEachRemaining(value -> extra.add(type(value) + "=" + plain(value)));
            text.append(extra);
        }
        return text.toString();
    }

    private static String replacement(Matcher found, Iterator<JsonNode> rest) {
        String verb = found.group("verb");
        if (verb.equals("%")) return "%";
        if (verb.isEmpty() || !"vsqdxXft".contains(verb)) {
            throw new IllegalArgumentException(
                    "sprintf does not know " + found.group() + " here; it knows %v %s %q %d %x %X %f %t");
        }
        if (!rest.hasNext()) return "%!" + verb + "(MISSING)";
        JsonNode value = rest.next();
        boolean whole = value.isIntegralNumber();
        boolean fraction = value.isNumber() && !whole;
        return switch (verb.charAt(0)) {
            case 'v' -> plain(value);
            case 's' -> value.isNumber() ? misfit(verb, value) : plain(value);
            case 'q' -> value.isNumber() ? misfit(verb, value) : Json.quote(plain(value));
            case 'd' -> whole ? plain(value) : misfit(verb, value);
            case 'x' -> whole ? hex(value.bigIntegerValue()) : misfit(verb, value);
            case 'X' -> whole ? hex(value.bigIntegerValue()).toUpperCase(Locale.ROOT) : misfit(verb, value);
            case 'f' -> fraction ? fixed(value, found.group("precision")) : misfit(verb, value);
            default -> misfit(verb, value); // %t: Rego hands booleans over as text
        };
    }

    private static String misfit(String verb, JsonNode value) {
        return "%!" + verb + "(" + type(value) + "=" + plain(value) + ")";
    }

    private static String type(JsonNode value) {
        if (value.isNumber()) return value.isIntegralNumber() ? "int" : "float64";
        return "string";
    }

    private static String hex(BigInteger value) {
        return value.toString(16);
    }

    private static String fixed(JsonNode value, String precision) {
        return value.decimalValue()
                .setScale(precision == null ? 6 : Integer.parseInt(precision), RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private static String pad(String text, Matcher found) {
        int missing = (found.group("width").isEmpty() ? 0 : Integer.parseInt(found.group("width"))) - text.length();
        if (missing <= 0) return text;
        if (found.group("flags").contains("-")) return text + " ".repeat(missing);
        if (!found.group("flags").contains("0")) return " ".repeat(missing) + text;
        return text.startsWith("-") ? "-" + "0".repeat(missing) + text.substring(1) : "0".repeat(missing) + text;
    }

    /** A string as it is; everything else as Rego writes it. */
    private static String plain(JsonNode value) {
        return value.isString() ? value.stringValue() : rego(value);
    }

    private static String rego(JsonNode value) {
        if (value.isArray()) {
            var list = new StringJoiner(", ", "[", "]");
            value.forEach(element -> list.add(rego(element)));
            return list.toString();
        }
        if (value.isObject()) {
            var object = new StringJoiner(", ", "{", "}");
            value.properties().forEach(entry -> object.add(Json.quote(entry.getKey()) + ": " + rego(entry.getValue())));
            return object.toString();
        }
        return value.isNumber() && !value.isIntegralNumber() ? number(value.decimalValue()) : value.toString();
    }

    private static String number(BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 21) return shortest.toPlainString();
        String digits = shortest.unscaledValue().abs().toString();
        return (shortest.signum() < 0 ? "-" : "") + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
