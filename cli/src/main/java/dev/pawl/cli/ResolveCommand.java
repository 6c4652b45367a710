package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.engine.Answer;
import dev.pawl.spi.Program;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl resolve}. */
@Command(
        name = "resolve",
        description =
                "Says what became of an outside change of which nobody knew whether it happened; the run goes on with that. \"pawl inbox\" lists them.")
final class ResolveCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    private static final Map<String, Answer> ANSWERS = Map.of(
            "happened",
            Answer.HAPPENED,
            "did-not-happen",
            Answer.DID_NOT_HAPPEN,
            "skip",
            Answer.SKIP,
            "again",
            Answer.AGAIN);

    @Parameters(
            index = "1",
            paramLabel = "happened|did-not-happen|skip|again",
            description =
                    "What you found on the other side; skip goes on without it, again lets the program ask the other side once more.")
    private String word = "";

    @Option(
            names = "--which",
            paramLabel = "TASK|KEY",
            description =
                    "Which change, if the run has several: its task, its name or its key; \"pawl inbox\" shows them.")
    private @Nullable String which;

    @Option(names = "--value", paramLabel = "JSON|@FILE", description = "What came back, if it happened and you know.")
    private @Nullable String value;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why, for the history.")
    private String comment = "";

    @Option(names = "--actor", paramLabel = "NAME", description = "Who says so, for the history; you, if not given.")
    private @Nullable String actor;

    ResolveCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var answer = answer();
        Json back = value == null ? null : TypedJson.read("The value", "--value", value);
        if (back != null && answer != Answer.HAPPENED) {
            throw Complaint.usage("--value goes with \"happened\": otherwise nothing came back.");
        }
        String by = actor == null ? Shared.actor() : actor;
        List<Program> programs; // with the run's own, should it be at hand, it is known whether it could read the value
        try (var pawl = shared.client()) {
            programs = back == null ? List.of() : shared.shelf().of(pawl.run(run.in(shared, pawl)));
        }
        return Verb.tell(shared, programs, run, (pawl, id) -> pawl.resolve(id, which, answer, back, by, comment));
    }

    private Answer answer() {
        var answer = ANSWERS.get(word);
        if (answer != null) return answer;
        throw Complaint.usage("'" + word + "' is no answer; say happened, did-not-happen, skip or again.");
    }
}
