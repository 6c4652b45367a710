package dev.pawl.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A cron expression, checked and taken apart.
 *
 * @param text six fields, from seconds to weekdays
 * @param followsElapsedTime whether the hours are a {@code *} or have a step
 */
record CronText(String text, boolean followsElapsedTime) {

    private static final int HOURS = 2;

    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    /** @throws IllegalArgumentException if it cannot be read; the message is the end of a sentence */
    static CronText read(String expression) {
        String text = expression.strip();
        if (text.startsWith("@")) {
            var known = MACROS.get(text.toLowerCase(Locale.ROOT));
            if (known == null)
                throw new IllegalArgumentException("it is none of " + new TreeSet<>(MACROS.keySet()) + ".");
            text = known;
        }
        var fields = new ArrayList<>(List.of(text.split("\\s+")));
        if (fields.size() == 5) fields.add(0, "0");
        var kinds = CronField.values();
        if (fields.size() != kinds.length || text.isEmpty()) {
            throw new IllegalArgumentException(
                    "it has %d fields; there are 5 (minute, hour, day of the month, month, day of the week), or 6 with seconds in front."
                            .formatted(text.isEmpty() ? 0 : fields.size()));
        }
        String hours = fields.get(HOURS);
        for (int i = 0; i < kinds.length; i++) fields.set(i, kinds[i].normalize(fields.get(i)));
        return new CronText(String.join(" ", fields), hours.contains("*") || hours.contains("/"));
    }
}
