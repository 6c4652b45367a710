package dev.pawl.cli;

import dev.pawl.core.Event;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.json.Codec;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code pawl events}. */
@Command(name = "events", description = "Shows the history of a run, one numbered fact a line.")
final class EventsCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;
    private static final long LOOK_MILLIS = 250;

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(names = "--follow", description = "Goes on until the run has ended.")
    private boolean follow;

    EventsCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws Exception {
        try (var pawl = shared.client()) {
            RunId id = run.in(shared, pawl);
            if (follow) follow(pawl, id);
            else if (shared.json()) all(pawl, id);
            else show(pawl, id, 0);
        }
        return Exit.DONE;
    }

    private void all(Pawl pawl, RunId id) {
        ArrayNode events = JsonText.array();
        int seq = 0;
        while (true) {
            var page = pawl.events(id, seq, PAGE);
            if (page.isEmpty()) break;
            page.forEach(event -> events.add(RunDocument.of(event)));
            seq = page.getLast().seq();
        }
        shared.screen().print(JsonText.pretty(events));
    }

    /** Shows what is new and answers the number of the newest. */
    private int show(Pawl pawl, RunId id, int afterSeq) {
        int seq = afterSeq;
        while (true) {
            var page = pawl.events(id, seq, PAGE);
            if (page.isEmpty()) return seq;
            for (Event event : page) {
                shared.screen().print(shared.json() ? RunDocument.of(event).toString() : line(event));
            }
            seq = page.getLast().seq();
        }
    }

    private void follow(Pawl pawl, RunId id) throws Exception {
        var bell = new Semaphore(0);
        var listening = pawl.store().listen(bell::release);
        try {
            int seq = 0;
            while (true) {
                boolean over = pawl.run(id).status().terminal(); // asked first, so that the last events are not missed
                seq = show(pawl, id, seq);
                if (over) return;
                bell.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                bell.drainPermits();
            }
        } finally {
            listening.close();
        }
    }

    private String line(Event event) {
        var style = shared.screen().style();
        String kind = "%-16s".formatted(event.kind());
        String painted = switch (event.kind().substring(event.kind().indexOf('.') + 1)) {
            case "succeeded" -> style.good(kind);
            case "failed" -> style.bad(kind);
            case "retry", "lost", "stalled", "paused", "blocked" -> style.held(kind);
            case "skipped", "cancelled", "parked" -> style.faint(kind);
            default -> kind;
        };
        String head = "%5d  %s  ".formatted(event.seq(), Text.clock(event.at()));
        String tail = (event.task() == null ? "" : event.task() + "  ") + data(event);
        int room = shared.screen().width() - head.length() - kind.length() - 2;
        return (style.faint(head) + painted + "  " + Text.cut(tail, Math.max(20, room))).stripTrailing();
    }

    private static String data(Event event) {
        JsonNode data = Codec.STANDARD.tree(event.data());
        return data.properties().stream()
                .map(part -> part(part.getKey(), part.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String part(String key, JsonNode value) {
        return switch (key) {
            case "error" -> Trouble.problem(new dev.pawl.core.Json(value.toString()));
            case "until" -> "until " + Text.time(value.asLong());
            case "dueAt" -> "again at " + Text.clock(value.asLong());
            case "actor" -> value.asString().isEmpty() ? "" : "by " + value.asString();
            default -> key + " " + (value.isString() ? value.asString() : value.toString());
        };
    }
}
