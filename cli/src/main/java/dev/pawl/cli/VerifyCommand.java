package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.TimeTravel;
import dev.pawl.exec.Refused;
import dev.pawl.spi.History;
import dev.pawl.spi.Store;
import dev.pawl.spi.Verification;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl verify}. */
@Command(
        name = "verify",
        description = {
            "Checks the record of a run against itself, without its code: of a graph, its chain of hashes from end to end.",
            "Says what does not fit and ends with 1 if anything does not."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    private final Shared shared;

    @Parameters(arity = "0..1", paramLabel = "RUN|FILE", description = RecordedRun.WHICH)
    private @Nullable String typed;

    @Option(names = "--all", description = "Every run of the database.")
    private boolean all;

    VerifyCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (all == (typed != null)) throw Complaint.usage("Say which run to verify, or --all for every one.");
        if (typed == null) return all();
        try (var run = RecordedRun.of(shared, typed)) {
            var verification = TimeTravel.verify(run.history());
            if (shared.json())
                shared.screen().print(JsonText.pretty(text(run.history()).document(verification)));
            else print(run.history(), verification, true);
            return verification.holds() ? Exit.DONE : Exit.DIVERGED;
        }
    }

    private TravelText text(History history) {
        return new TravelText(shared.screen(), history);
    }

    private int all() {
        int runs = 0;
        int flawed = 0;
        int pruned = 0;
        try (var pawl = shared.client()) {
            RunId before = null;
            while (true) {
                var page = pawl.list(new Store.RunFilter(null, null, before, PAGE));
                for (var run : page) {
                    before = run.id();
                    var history = history(pawl, run.id());
                    if (history == null) {
                        pruned++;
                        continue;
                    }
                    var verification = TimeTravel.verify(history);
                    runs++;
                    if (!verification.holds()) flawed++;
                    if (shared.json())
                        shared.screen()
                                .print(text(history).document(verification).toString());
                    else if (!verification.holds()) print(history, verification, false);
                }
                if (page.size() < PAGE) break;
            }
        }
        if (!shared.json()) {
            shared.screen()
                    .print("%s verified, %d with flaws%s."
                            .formatted(
                                    Text.count(runs, "run"),
                                    flawed,
                                    pruned == 0 ? "" : "; of " + Text.count(pruned, "run") + " the record was pruned"));
        }
        return flawed == 0 ? Exit.DONE : Exit.DIVERGED;
    }

    /** Null if it was pruned. */
    private static @Nullable History history(Pawl pawl, RunId run) {
        try {
            return pawl.history(run);
        } catch (Refused pruned) {
            return null;
        }
    }

    private void print(History history, Verification verification, boolean remarks) {
        var screen = shared.screen();
        var style = screen.style();
        String steps = Text.count(verification.moments(), "step");
        screen.print("Run %s %s: %s%s"
                .formatted(
                        history.details().id(),
                        verification.holds() ? style.good("holds") : style.bad("does not hold"),
                        steps,
                        verification.seal() == null ? "." : ", sealed by " + verification.seal() + "."));
        verification.flaws().forEach(flaw -> screen.print("  - " + flaw));
        if (remarks) verification.remarks().forEach(remark -> screen.print(style.faint("  " + remark)));
    }
}
