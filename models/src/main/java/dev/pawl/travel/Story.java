package dev.pawl.travel;

import dev.pawl.core.Event;
import dev.pawl.core.Problem;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.spi.History;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is read again and again of a history. */
public final class Story {

    private static final int PAGE = 1_000;

    private Story() {}

    /** Every event, in order. */
    public static void events(History run, Consumer<Event> use) {
        int seen = 0;
        while (true) {
            var page = run.events(seen, PAGE);
            page.forEach(use);
            if (page.size() < PAGE) return;
            seen = page.getLast().seq();
        }
    }

    /** Every task that is not the kernel's, in the order of name and index. */
    public static void tasks(History run, Consumer<TaskDetails> use) {
        for (String name : run.taskNames()) {
            int from = 0;
            while (true) {
                var page = run.tasks(name, from, PAGE);
                for (var task : page) {
                    if (!task.task().key().kernels()) use.accept(task);
                }
                if (page.size() < PAGE) break;
                from = page.getLast().task().key().index() + 1;
            }
        }
    }

    /**
     * The task that an event is about.
     *
     * @param index -1 if it is about a whole step
     */
    public record Place(String name, int index) {

        /** {@code name[index]}. */
        public String label() {
            return index < 0 ? name : name + '[' + index + ']';
        }
    }

    /** The task that an event is about; null if it is about the run. */
    public static @Nullable Place place(Event event) {
        String task = event.task();
        if (task == null) return null;
        int bracket = task.lastIndexOf('[');
        if (bracket < 0 || !task.endsWith("]")) return new Place(task, -1);
        return new Place(task.substring(0, bracket), Integer.parseInt(task.substring(bracket + 1, task.length() - 1)));
    }

    /** The time of the newest event, in epoch milliseconds: the record knows nothing that is later. */
    public static long now(History run) {
        var newest = run.events(Math.max(0, run.run().seq() - 1), 1);
        return newest.isEmpty() ? run.details().createdAt() : newest.getFirst().at();
    }

    /** Where a run stands that has not succeeded, in a sentence; null if it has. */
    public static @Nullable String rest(RunDetails run) {
        var why =
                run.problem() == null ? "" : ": " + Problem.parse(run.problem()).summary();
        return switch (run.status()) {
            case SUCCEEDED -> null;
            case FAILED -> "The run failed" + why + dot(why);
            case CANCELLED -> "The run was cancelled.";
            case BLOCKED -> "The run is blocked" + why + dot(why);
            case PAUSED -> "The run is paused.";
            case QUEUED -> "The run has not begun.";
            case RUNNING -> "The run goes on.";
        };
    }

    private static String dot(String text) {
        return text.endsWith(".") ? "" : ".";
    }
}
