package dev.pawl.cli;

import dev.pawl.core.Json;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells the demo: line by line to people, as one document to machines. */
final class Story {

    private static final int KINDS_SHOWN = 8;

    private final Screen screen;
    private final boolean json;
    private final long begin = System.nanoTime();
    private final ObjectNode document = JsonText.object();
    private final ArrayNode told = document.putArray("story");
    private final ArrayNode checks = document.putArray("checks");
    private boolean begun;
    private boolean allHold = true;

    Story(Shared shared) {
        this.screen = shared.screen();
        this.json = shared.json();
    }

    void title(String text) {
        if (json) return;
        if (begun) screen.print("");
        begun = true;
        screen.print(screen.style().bold(text));
    }

    void fact(String name, String text) {
        if (json) document.put(name.toLowerCase(Locale.ROOT), text);
        else screen.print("  " + screen.style().faint("%-9s".formatted(name)) + text);
    }

    /** Something happens now. */
    void moment(String text) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (json)
            told.addObject().put("seconds", Math.round(seconds * 10) / 10.0).put("text", text);
        else screen.print(screen.style().faint("%6.1f s  ".formatted(seconds)) + text);
    }

    /** More about what happened last. */
    void detail(String text) {
        if (json) told.addObject().put("text", text);
        else screen.print("          " + text);
    }

    /** Something that must hold. */
    void check(String name, boolean holds, String text) {
        allHold &= holds;
        if (json) checks.addObject().put("check", name).put("holds", holds).put("text", text);
        else
            screen.print(
                    "  " + (holds ? screen.style().good("✓ ") : screen.style().bad("✗ ")) + text);
    }

    /** The result. */
    void end(Json output, int tasks, int doneBefore, int inHands) {
        JsonNode report = RunDocument.tree(output);
        if (json) {
            document.put("tasks", tasks)
                    .put("doneBefore", doneBefore)
                    .put("takenOver", inHands)
                    .put("holds", allHold);
            document.set("output", report);
            screen.print(JsonText.pretty(document));
            return;
        }
        title("The result");
        var table =
                new Table("  KIND", "FILES", "LINES", "WORDS").right(1).right(2).right(3);
        var kinds = report.path("kinds").properties().stream()
                .sorted((one, other) -> Long.compare(lines(other.getValue()), lines(one.getValue())))
                .toList();
        for (var kind : kinds.subList(0, Math.min(KINDS_SHOWN, kinds.size())))
            row(table, kind.getKey(), kind.getValue());
        if (kinds.size() > KINDS_SHOWN) table.row("  and " + (kinds.size() - KINDS_SHOWN) + " more", "", "", "");
        row(table, "all", report);
        table.print(screen);
        if (!allHold) screen.say(screen.errStyle().bad("Not everything was as it must be; please report it."));
    }

    private static long lines(JsonNode kind) {
        return kind.path("lines").asLong();
    }

    private static void row(Table table, String name, JsonNode counts) {
        table.row("  " + name, number(counts, "files"), number(counts, "lines"), number(counts, "words"));
    }

    private static String number(JsonNode counts, String name) {
        return "%,d".formatted(counts.path(name).asLong());
    }

    boolean allHold() {
        return allHold;
    }
}
