package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl fork}. */
@Command(
        name = "fork",
        description = {
            "Does a run that has ended over from one of its steps on, as a new run, and prints its id.",
            "What does not depend on that step is kept. \"pawl show\" lists the steps."
        })
final class ForkCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(
            names = "--from",
            paramLabel = "STEP",
            required = true,
            description =
                    "The first step to be done again: its name, its position in the journal of a job, or its number in a graph.")
    private String from = "";

    @Option(
            names = "--set",
            paramLabel = "JSON|@FILE",
            description = "Outputs to use instead of those that were recorded: {\"step\": value, …}.")
    private @Nullable String edits;

    @Option(
            names = "--state",
            paramLabel = "JSON|@FILE",
            description = "Of a graph: the state to begin with, instead of the one that was recorded before that step.")
    private @Nullable String state;

    ForkCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var outputs = outputs();
        return Successor.tell(shared, run, "forks", (pawl, old) -> {
            if (state != null && !old.program().startsWith("graph:")) {
                throw Complaint.usage(
                        "--state is for graphs; of %s outputs can be set, with --set.".formatted(old.program()));
            }
            return pawl.fork(old.id(), from, outputs, Shared.actor()).id();
        });
    }

    private Map<String, Json> outputs() {
        var outputs = new LinkedHashMap<String, Json>();
        if (state != null) outputs.put("state", TypedJson.read("The state", "--state", state));
        if (edits == null) return outputs;
        var tree = Codec.STANDARD.tree(TypedJson.read("What to set", "--set", edits));
        if (!tree.isObject())
            throw Complaint.usage("--set is an object of outputs by step: --set '{\"split\": [1, 2]}'");
        tree.properties()
                .forEach(edit ->
                        outputs.put(edit.getKey(), new Json(edit.getValue().toString())));
        return outputs;
    }
}
