package dev.pawl.engine;

import dev.pawl.core.Failure;
import dev.pawl.spi.Chronicle;
import dev.pawl.spi.Exports;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Program;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Timeline;
import dev.pawl.spi.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a recorded run, be it in a database ({@link Pawl#history}) or in a file ({@link #read}): tell it,
 * verify it, execute it again, and carry it elsewhere. Nothing here changes anything or touches the outside. Thread-safe.
 *
 * <p>Executing a history again before a deploy is Temporal's replayer; verifying one without code is how ledgers do it.
 */
public final class TimeTravel {

    private TimeTravel() {}

    // ---- without code ---------------------------------------------------------------------------------------------

    /** The run as a row of moments. */
    public static Timeline timeline(History run) {
        return chronicle(run).tell(run);
    }

    /**
     * The same from its very beginning: before the step that a run goes on from stand the moments of the run that it goes
     * on from, as far as they are there.
     */
    public static Timeline whole(History run) {
        var own = timeline(run);
        if (own.first() == 0) return own;
        var earlier = run.earlier();
        return earlier == null ? own : new Grafted(whole(earlier), own);
    }

    /** Checks the record of a run against itself; of a graph, its chain of hashes from end to end. */
    public static Verification verify(History run) {
        return chronicle(run).verify(run);
    }

    private static Chronicle chronicle(History run) {
        String program = run.details().program();
        String model = program.substring(0, Math.max(0, program.indexOf(':')));
        Chronicle any = null;
        for (Chronicle chronicle : ServiceLoader.load(Chronicle.class)) {
            if (chronicle.model().equals(model)) return chronicle;
            if (chronicle.model().equals(Chronicle.ANY)) any = chronicle;
        }
        if (any == null) throw new IllegalStateException("Nobody here knows the history of " + program + ".");
        return any;
    }

    // ---- with code ------------------------------------------------------------------------------------------------

    /**
     * Executes a run again with today's code: with that of its version, or if that is not at hand, with the one given
     * last.
     *
     * @param seen is given each moment as soon as today's code has come to it as recorded
     * @throws Failure.Logic if its program is not at hand, or its runs cannot be executed again
     */
    public static Replay replay(History run, Collection<? extends Program> programs, Consumer<Moment> seen) {
        var details = run.details();
        Program same = null;
        Program newest = null;
        for (Program program : programs) {
            if (!program.name().equals(details.program())) continue;
            newest = program;
            if (program.version().equals(details.version())) same = program;
        }
        if (newest == null) {
            throw new Failure.Logic("There is no code of %s here, so run %s cannot be executed again."
                    .formatted(details.program(), details.id()));
        }
        return replay(same == null ? newest : same, run, seen);
    }

    private static Replay replay(Program code, History run, Consumer<Moment> seen) {
        try {
            return code.replay(run, seen);
        } catch (IllegalStateException | UncheckedIOException unreadable) {
            String id = run.details().id().toString();
            throw new Failure.Logic(
                    "The record of run %s cannot be read: %s What is wrong with it says: pawl verify %s"
                            .formatted(id, unreadable.getMessage(), id),
                    unreadable);
        }
    }

    /** Whether today's code fits a run: what to ask before a deploy. */
    public static Fit check(History run, Collection<? extends Program> programs) {
        var details = run.details();
        Program code = null;
        for (Program program : programs) {
            boolean fits = program.name().equals(details.program())
                    && program.version().equals(details.version());
            if (fits) code = program;
        }
        if (code == null) {
            return fit(
                    run,
                    Fit.How.NO_CODE,
                    "There is no code of " + details.program() + " version " + details.version() + " here.");
        }
        var differences = code.differences(run.shape());
        if (!differences.isEmpty() && !details.status().terminal()) {
            return fit(
                    run,
                    Fit.How.OTHER_SHAPE,
                    "The code of version %s has another shape, so this run would wait for its own. %s"
                            .formatted(details.version(), String.join(" ", differences)));
        }
        try {
            return fit(run, replay(code, run, moment -> {}));
        } catch (Failure.Logic cannot) {
            return fit(run, Fit.How.UNKNOWN, String.valueOf(cannot.getMessage()));
        }
    }

    private static Fit fit(History run, Replay replay) {
        var divergence = replay.divergence();
        var details = run.details();
        if (divergence == null) return fit(run, Fit.How.SAME, replay.end());
        return new Fit(
                details.id(),
                details.program(),
                details.version(),
                details.status(),
                Fit.How.DIVERGES,
                divergence.message(),
                divergence);
    }

    private static Fit fit(History run, Fit.How how, String said) {
        var details = run.details();
        return new Fit(details.id(), details.program(), details.version(), details.status(), how, said, null);
    }

    // ---- files ----------------------------------------------------------------------------------------------------

    /** Everything that is recorded of a run, as one JSON document that stands alone. */
    public static String export(History run) {
        return exports().write(run);
    }

    /**
     * A run from a file that {@link #export} gave.
     *
     * @throws Failure.Logic if it is none, or one of a newer Pawl
     * @throws IOException if the file cannot be read
     */
    public static History read(Path file) throws IOException {
        return exports().read(file);
    }

    private static Exports exports() {
        @Nullable Exports found = ServiceLoader.load(Exports.class).findFirst().orElse(null);
        if (found == null) throw new IllegalStateException("Nobody here can read or write exported runs.");
        return found;
    }
}
