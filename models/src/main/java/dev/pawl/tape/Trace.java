package dev.pawl.tape;

import dev.pawl.core.TaskKey;
import dev.pawl.json.Hash;
import java.nio.charset.StandardCharsets;

/** Ids of W3C Trace Context, made from those of runs and effects, so that every try has the same. */
final class Trace {

    private static final int TRACE = 32;
    private static final int SPAN = 16;

    private Trace() {}

    /** The header {@code traceparent} of an effect: one trace for each run, one span for each effect. */
    static String parent(TaskKey task, int ordinal) {
        return "00-" + hex(task.run().toString(), TRACE) + "-"
                + hex(task.run() + " " + task.label() + " " + ordinal, SPAN) + "-01";
    }

    private static String hex(String text, int digits) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, digits);
    }
}
