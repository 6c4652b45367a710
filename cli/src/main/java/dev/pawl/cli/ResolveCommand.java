package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.engine.Answer;
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
                "Says what became of an outside change of which nobody knew whether it happened; the run goes on with that.")
final class ResolveCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    private static final Map<String, Answer> ANSWERS =
            Map.of("happened", Answer.HAPPENED, "did-not-happen", Answer.DID_NOT_HAPPEN, "skip", Answer.SKIP);

    @Parameters(
            index = "1",
            paramLabel = "happened|did-not-happen|skip",
            description = "What you found on the other side; skip goes on without it.")
    private String word = "";

    @Option(names = "--result", paramLabel = "JSON|@FILE", description = "What came back, if it happened and you know.")
    private @Nullable String result;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why, for the history.")
    private String comment = "";

    ResolveCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var answer = answer();
        Json value = result == null ? null : TypedJson.read("The result", "--result", result);
        if (value != null && answer != Answer.HAPPENED) {
            throw Complaint.usage("--result goes with \"happened\": otherwise nothing came back.");
        }
        return Verb.tell(shared, run, (pawl, id) -> pawl.resolve(id, answer, value, Shared.actor(), comment));
    }

    private Answer answer() {
        var answer = ANSWERS.get(word);
        if (answer != null) return answer;
        throw Complaint.usage("'" + word + "' is no answer; say happened, did-not-happen or skip.");
    }
}
