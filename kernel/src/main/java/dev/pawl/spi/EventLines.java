package dev.pawl.spi;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of the events that one transaction adds to one run: a line each, {@code kind task {json}}, with
 * {@code -} for no task. One row instead of many, and still readable in any database shell. Names hold no spaces and
 * JSON no line breaks, so the form needs no escapes.
 */
public final class EventLines {

    private final StringBuilder lines = new StringBuilder();
    private int count;

    /** Adds one event. */
    public void add(String kind, @Nullable String task, Json data) {
        if (count++ > 0) lines.append('\n');
        lines.append(kind)
                .append(' ')
                .append(task == null ? "-" : task)
                .append(' ')
                .append(data.text());
    }

    /** How many were added. */
    public int count() {
        return count;
    }

    /** The lines. */
    public String body() {
        return lines.toString();
    }

    /** The events in stored lines, numbered on from the first. */
    public static List<Event> parse(int firstSeq, long at, String body) {
        var events = new ArrayList<Event>();
        for (String line : body.split("\n")) {
            int afterKind = line.indexOf(' ');
            int afterTask = line.indexOf(' ', afterKind + 1);
            String task = line.substring(afterKind + 1, afterTask);
            events.add(new Event(
                    firstSeq + events.size(),
                    at,
                    line.substring(0, afterKind),
                    task.equals("-") ? null : task,
                    new Json(line.substring(afterTask + 1))));
        }
        return events;
    }
}
