package dev.pawl.cli;

import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Policies;
import dev.pawl.spi.Policy;
import dev.pawl.spi.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl policy test}. */
@Command(
        name = "test",
        description = {
            "Says what a policy would have stopped, had it been there.",
            "Asks it about runs that have been, at every point where it would have been asked. Changes nothing."
        })
final class PolicyTestCommand implements Callable<Integer> {

    private static final int PAGE = 100;

    private final Shared shared;

    @Parameters(paramLabel = "FILE", description = "The policy: .wasm, or a bundle made by \"opa build -t wasm\".")
    private Path file = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "What the policy sees as data: a JSON object, in place of what its bundle has.")
    private @Nullable Path data;

    @Option(names = "--status", paramLabel = "S", description = "Only runs that are so: ${COMPLETION-CANDIDATES}.")
    private @Nullable RunStatus status;

    @Option(names = "--program", paramLabel = "P", description = "Only runs of this program.")
    private @Nullable String program;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many runs, the newest first; 1000 if not given.")
    private int limit = 1000;

    PolicyTestCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (limit < 1) throw Complaint.usage("--limit must be at least 1, not " + limit + ".");
        var policy = Shared.policy(file, data);
        var trial = new PolicyTrial(new Policies(policy));
        try (var pawl = shared.client()) {
            String name = program == null ? null : ListCommand.fullName(pawl, program);
            RunDetails last = null;
            for (int left = limit; left > 0; left -= PAGE) {
                var page = pawl.list(
                        new Store.RunFilter(status, name, last == null ? null : last.id(), Math.min(left, PAGE)));
                for (RunDetails run : page) trial.ask(pawl, run, stop -> tell(run, stop));
                if (page.size() < Math.min(left, PAGE)) break;
                last = page.getLast();
            }
        }
        sum(trial, policy);
        return trial.stopped() == 0 ? Exit.DONE : Exit.RUN_FAILED;
    }

    private void tell(RunDetails run, PolicyTrial.Stop stop) {
        var screen = shared.screen();
        if (shared.json()) {
            var line = JsonText.object()
                    .put("run", run.id().toString())
                    .put("program", run.program())
                    .put("point", stop.point())
                    .put("task", stop.task())
                    .put("effect", stop.effect())
                    .put("answer", stop.decision().answer().name());
            var reasons = line.putArray("reasons");
            stop.decision().reasons().forEach(reasons::add);
            screen.print(line.toString());
            return;
        }
        boolean denied = stop.decision().answer() == Policy.Answer.DENY;
        screen.print("%s  %s  %s %s%s"
                .formatted(
                        run.id(),
                        run.program(),
                        denied ? screen.style().bad("denies") : screen.style().held("wants approval of"),
                        stop.what(),
                        stop.decision().reasons().isEmpty()
                                ? ""
                                : ": " + String.join("; ", stop.decision().reasons())));
    }

    private void sum(PolicyTrial trial, Policy policy) {
        if (shared.json()) return;
        shared.screen()
                .say("Asked about %s at %s: %s allowed, %s denied, %s to be approved. Policy %s."
                        .formatted(
                                Text.count(trial.runs(), "run"),
                                Text.count(trial.asked(), "point"),
                                trial.asked() - trial.stopped(),
                                trial.denied(),
                                trial.stopped() - trial.denied(),
                                policy.hash().substring(0, 12)));
    }
}
