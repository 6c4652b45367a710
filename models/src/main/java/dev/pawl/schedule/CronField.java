package dev.pawl.schedule;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A field of a cron expression: which values it takes, and how it is read. We read for ourselves because the library
 * that steps through the times takes some expressions and then gets them wrong (of {@code 1,15,L} it forgets the last, of
 * {@code 7/2} it makes {@code 0/2}, {@code 28W} may be a Sunday, and {@code 31W} throws in February), and explains what it
 * refuses in the language of the machine. What it is given are plain lists, and the rest where it is right.
 */
enum CronField {
    SECOND("second", 0, 59, ""),
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    WEEKDAY("day of the week", 0, 7, "SUN MON TUE WED THU FRI SAT");

    private static final String VALUE = "(\\d{1,4}|[A-Z]+)";
    private static final Pattern PLAIN = Pattern.compile("(?:\\*|" + VALUE + "(?:-" + VALUE + ")?)(?:/(\\d{1,4}))?");
    private static final Pattern LAST_OR_NEAREST =
            Pattern.compile("L(?:-([1-9]|1\\d|2[0-7]))?|LW|([1-9]|1\\d|2[0-7])W");
    private static final Pattern NTH_WEEKDAY = Pattern.compile(VALUE + "(?:#([1-5])|L)");

    private final String word;
    private final int from;
    private final int to;
    private final String names;

    CronField(String word, int from, int to, String names) {
        this.word = word;
        this.from = from;
        this.to = to;
        this.names = names;
    }

    /**
     * The field as the list of its values, or as what stands alone in it.
     *
     * @throws IllegalArgumentException if it cannot be read; the message is the end of a sentence
     */
    String normalize(String field) {
        String text = field.toUpperCase(Locale.ROOT);
        if (text.equals("*") || text.equals("*/1") || (text.equals("?") && (this == DAY || this == WEEKDAY)))
            return "*";
        String special = special(text);
        if (special != null) return special;
        var values = new TreeSet<Integer>();
        for (String item : text.split(",", -1)) addItem(item, text, values);
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** What counts from the end of a month, or in weekdays: stands alone in its field. */
    private @Nullable String special(String text) {
        if (this == DAY && LAST_OR_NEAREST.matcher(text).matches()) return text;
        Matcher nth = NTH_WEEKDAY.matcher(text);
        if (this != WEEKDAY || !nth.matches()) return null;
        return number(nth.group(1), text, text) % 7 + text.substring(nth.end(1));
    }

    private void addItem(String item, String field, Set<Integer> values) {
        Matcher plain = PLAIN.matcher(item);
        if (!plain.matches()) throw unreadable(item, field);
        String first = plain.group(1);
        String last = plain.group(2);
        int step = plain.group(3) == null ? 1 : step(plain.group(3));
        int low = from;
        int high = to;
        if (first == null) {
            if (!item.equals(field)) {
                throw new IllegalArgumentException(word + " \"" + field + "\" has a * in a list.");
            }
        } else {
            low = number(first, item, field);
            if (last != null) high = number(last, item, field);
            else if (plain.group(3) == null) high = low;
            if (low > 0 && "SUN".equals(last)) high = to; // SAT-SUN, SUN-THU: it stands at both ends of the week
        }
        if (low > high) {
            int end = this == WEEKDAY ? to - 1 : to;
            throw new IllegalArgumentException("%s range %s runs backwards; write it as two: %d-%d,%d-%d."
                    .formatted(word, item, low, end, from, high));
        }
        for (int value = low; value <= high; value += step) values.add(this == WEEKDAY ? value % 7 : value);
    }

    private int number(String value, String item, String field) {
        if (!Character.isDigit(value.charAt(0))) {
            int index = List.of(names.split(" ")).indexOf(value);
            if (index < 0) throw unreadable(item, field);
            return this == MONTH ? index + 1 : index;
        }
        int number = Integer.parseInt(value);
        if (number >= from && number <= to) return number;
        throw new IllegalArgumentException("%s %d is not in %d-%d.".formatted(word, number, from, to));
    }

    private int step(String step) {
        int number = Integer.parseInt(step);
        if (number >= 1 && number <= to) return number;
        throw new IllegalArgumentException("%s step %d is not in 1-%d.".formatted(word, number, to));
    }

    private IllegalArgumentException unreadable(String item, String field) {
        String where = item.equals(field) ? "" : " in \"" + field + "\"";
        String special = switch (this) {
            case DAY -> ", or alone L, L-3, LW or 15W";
            case MONTH -> ", with numbers or JAN to DEC";
            case WEEKDAY -> ", with numbers or SUN to SAT, or alone FRI#2 or FRIL";
            default -> "";
        };
        return new IllegalArgumentException("%s \"%s\"%s is none of *, %d, %d-%d, */2, or a list of those%s."
                .formatted(word, item, where, from, from, from + 1, special));
    }
}
