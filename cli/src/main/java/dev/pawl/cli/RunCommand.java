package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl run}. */
@Command(name = "run", description = "Submits a run, works on it in this process, and prints its output.")
final class RunCommand implements Callable<Integer> {

    private static final Duration TICK = Duration.ofMillis(120);
    private static final Duration IMPATIENT = Duration.ofSeconds(3);
    /** A person who interrupts wants to be gone soon; what is under way is handed back unspent. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Shared shared;

    @Mixin
    private final Submission submission = new Submission();

    @Option(
            names = "--live",
            description = "Tries it out: runs for real, on a database of its own that is deleted afterwards.")
    private boolean live;

    RunCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws InterruptedException {
        var programs = submission.programs(shared);
        Json input = submission.input();
        var worker = WorkerSettings.DEFAULT.grace(GRACE);
        var settings = Settings.DEFAULT.worker(worker).retention(null);
        try (var shift = new Shift(live ? shared.live(settings, programs) : shared.open(settings, programs))) {
            var pawl = shift.pawl();
            if (live)
                shared.screen()
                        .say("Live: nothing is kept. While it runs: "
                                + pawl.store().describe());
            var handle = submission.submit(pawl, programs, input);
            try (var interrupted = WhenInterrupted.run(() -> leave(shift, handle.id()))) {
                Json output = await(pawl, handle);
                shared.screen().print(shared.json() ? output.text() : JsonText.pretty(output));
                summary(pawl.run(handle.id()));
            }
        }
        return Exit.DONE;
    }

    private Json await(Pawl pawl, Handle<Json> handle) throws InterruptedException {
        var line = new ProgressLine(shared.screen());
        var calm = new Calm();
        while (true) {
            try {
                Json output = handle.await(TICK);
                line.clear();
                return output;
            } catch (RunFailed failed) {
                line.clear();
                throw failed;
            } catch (TimeoutException goesOn) {
                RunDetails run = pawl.run(handle.id());
                if (run.status() != calm.status && run.status().held()) {
                    line.clear();
                    shared.screen().say(pawl.explain(run.id()));
                }
                String why = calm.seen(run)
                                && shared.screen().live()
                                && !run.status().held()
                        ? pawl.explain(run.id())
                        : "";
                line.show(run, why);
            }
        }
    }

    /** Notices that nothing happens. */
    private static final class Calm {
        private int seq = -1;
        private long since;
        private @Nullable RunStatus status;

        boolean seen(RunDetails run) {
            status = run.status();
            if (run.run().seq() != seq) {
                seq = run.run().seq();
                since = System.nanoTime();
            }
            return System.nanoTime() - since > IMPATIENT.toNanos();
        }
    }

    private void leave(Shift shift, RunId run) {
        shift.close();
        shared.screen()
                .say(System.lineSeparator() + "Interrupted. Run " + run
                        + " keeps what is done; it goes on with: pawl worker");
    }

    private void summary(RunDetails run) {
        var screen = shared.screen();
        if (!screen.live() || run.endedAt() == null) return;
        var words = new ArrayList<String>();
        words.add("Run " + run.id() + " succeeded");
        Long began = run.run().startedAt();
        if (began != null) words.add("in " + Text.duration(run.endedAt() - began));
        screen.say(screen.errStyle().faint(String.join(" ", words)));
    }
}
