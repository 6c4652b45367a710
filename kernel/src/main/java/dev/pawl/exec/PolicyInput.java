package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Placement;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import org.jspecify.annotations.Nullable;

/** The documents that policies decide about. What stands in them is written down in the guide on policies. */
public final class PolicyInput {

    /** A longer input is left out where it was decided about before. In characters. */
    private static final int INPUT = 64 << 10;

    private final String run;
    private final TaskKey task;
    private final int attempt;

    private PolicyInput(String run, TaskKey task, int attempt) {
        this.run = run;
        this.task = task;
        this.attempt = attempt;
    }

    /** About a task of a run. */
    public static PolicyInput of(RunDetails run, String actor, Json input, TaskKey task, int attempt) {
        return new PolicyInput(run(run, actor, input.text().length() <= INPUT ? input : null), task, attempt);
    }

    /** What is said of a run never changes, so it is read once. */
    static PolicyInput of(Surroundings around, Policies policies, Task task) {
        var run = task.key().run();
        String known = policies.known(run);
        if (known != null) return new PolicyInput(known, task.key(), task.attempt());
        var details = Reads.of(() -> around.store().run(run))
                .orElseThrow(() -> new IllegalStateException("Run " + run + " is gone"));
        var input = around.payloads().load(details.input());
        var fresh =
                of(details, Reads.of(() -> RunHistory.actor(around.store(), run)), input, task.key(), task.attempt());
        policies.remember(run, fresh.run);
        return fresh;
    }

    /** About a run that is to be submitted. */
    public static Json submit(Entry.Submission run, Json input) {
        return submit(run(
                run.program().name(),
                run.program().version(),
                run.run(),
                run.placement(),
                run.key(),
                run.origin().actor(),
                run.origin().labels(),
                input));
    }

    /** The same about one that was submitted long ago. */
    public static Json submit(RunDetails run, String actor, Json input) {
        return submit(run(run, actor, input));
    }

    private static Json submit(String run) {
        return new Json("{\"point\":\"submit\"," + run + "}");
    }

    private static String run(RunDetails run, String actor, @Nullable Json input) {
        return run(
                run.program(), run.version(), run.id(), run.run().placement(), run.key(), actor, run.labels(), input);
    }

    /** What is said of a run in every document about it. */
    private static String run(
            String program,
            String version,
            RunId id,
            Placement placement,
            @Nullable String key,
            String actor,
            @Nullable Json labels,
            @Nullable Json input) {
        String who = "\"actor\":" + Json.quote(actor) + ",\"labels\":" + (labels == null ? "{}" : labels.text());
        return "\"program\":{\"name\":" + Json.quote(program) + ",\"version\":" + Json.quote(version) + "}," + who
                + ",\"run\":{" + who + ",\"id\":\"" + id + "\",\"queue\":" + Json.quote(placement.queue())
                + ",\"tenant\":" + Json.quote(placement.key()) + ",\"key\":" + (key == null ? "null" : Json.quote(key))
                + (input == null ? "" : ",\"input\":" + input.text()) + "}";
    }

    private String document(String point, String more) {
        return "{\"point\":\"" + point + "\"," + run + ",\"task\":{\"name\":" + Json.quote(task.name()) + ",\"index\":"
                + task.index() + ",\"attempt\":" + attempt + more;
    }

    /** It is about to begin. */
    public Json before() {
        return new Json(document("before", "}}"));
    }

    /** It has given something back. */
    public Json after(Json output) {
        return new Json(document("after", ",\"output\":" + output.text() + "}}"));
    }

    /** It is about to touch the outside. */
    public Json effect(String kind, String name, @Nullable Json request) {
        return new Json(document(
                "effect",
                "},\"effect\":{\"kind\":" + Json.quote(kind) + ",\"name\":" + Json.quote(name) + ",\"request\":"
                        + (request == null ? "null" : request.text()) + "}}"));
    }

    /** For messages. */
    String what(String name) {
        return switch (name) {
            case "before" -> "task " + task.label();
            case "after" -> "what task " + task.label() + " gave back";
            default -> "\"" + name + "\" in task " + task.label();
        };
    }
}
