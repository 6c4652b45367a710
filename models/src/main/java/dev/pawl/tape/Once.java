package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import dev.pawl.io.Action;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Journal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes outside that must not happen twice. The intent is on disk before the call; an intent without an outcome is never
 * called again blindly: first the other side is asked, then a person.
 */
public final class Once {

    private final Tape tape;
    private final Journal journal;
    private final Thrown thrown;
    private final Steps steps;

    Once(Tape tape, Thrown thrown, Steps steps) {
        this.tape = tape;
        this.journal = tape.journal();
        this.thrown = thrown;
        this.steps = steps;
    }

    /** What is wanted, with the key under which the other side knows it. */
    private record Change<T>(
            TypeRef<T> type,
            String key,
            Action.Keyed<T, ? extends Exception> call,
            Action.@Nullable Keyed<Optional<T>, ? extends Exception> reconcile) {}

    <T, E extends Exception> T once(
            RunId run,
            TaskKey task,
            String name,
            TypeRef<T> type,
            Action.Keyed<T, E> call,
            Action.@Nullable Keyed<Optional<T>, ? extends Exception> reconcile)
            throws E {
        return once(tape.begin("once", name, null), run, task, type, call, reconcile);
    }

    /** The same at a place that says what is asked for. */
    <T, E extends Exception> T once(
            Tape.Place place,
            RunId run,
            TaskKey task,
            TypeRef<T> type,
            Action.Keyed<T, E> call,
            Action.@Nullable Keyed<Optional<T>, ? extends Exception> reconcile)
            throws E {
        String recordedKey = Notes.text(place.notes(), Notes.KEY);
        String key = recordedKey != null
                ? recordedKey
                : run + "-" + task.name() + "-" + task.index() + "-" + place.ordinal();
        return go(place, new Change<>(type, key, call, reconcile));
    }

    private <T, E extends Exception> T go(Tape.Place place, Change<T> change) throws E {
        var recorded = place.recorded();
        if (recorded == null) return call(place, change);
        return switch (recorded.status()) {
            case APPLIED, SKIPPED -> steps.value(place, change.type());
            case BEGUN, RECONCILING -> reconcile(place, change, null);
            case INDETERMINATE -> throw unknown(place, change, null);
            case FAILED -> {
                if (Notes.text(place.notes(), Notes.EXCEPTION) != null) throw Steps.<E>sneaky(steps.again(place));
                steps.waitOut(place);
                yield call(place, change); // it is certain that it did not happen
            }
        };
    }

    private <T, E extends Exception> T call(Tape.Place place, Change<T> change) throws E {
        tape.safePoint(); // else the intent would be written with the end of the attempt, and nobody know what
        // became of it
        var begun = record(place, EffectStatus.BEGUN, notes(change, tries(place)), null);
        steps.settle();
        try {
            return applied(begun, change, change.call().run(change.key()));
        } catch (Unwinding | Journal.Superseded over) {
            throw tape.doomed(over);
        } catch (Exception failure) {
            return failed(begun, change, failure);
        }
    }

    /** Only a failure that says so is one: whatever else came back, or did not, the change may have happened. */
    private <T, E extends Exception> T failed(Tape.Place place, Change<T> change, Exception failure) throws E {
        var problem = Problem.of(journal.classOf(failure), failure);
        boolean refused = failure instanceof Failure;
        return switch (refused ? problem.failureClass() : FailureClass.UNCLASSIFIED) {
            case LOGIC -> {
                throw Steps.<E>sneaky(forGood(place, change, failure));
            }
            case AUTH, PERMISSION -> {
                record(place, EffectStatus.FAILED, notes(change, tries(place)), problem);
                throw Steps.<E>sneaky(tape.doomed(failure));
            }
            case RATE_LIMITED -> throw Steps.<E>sneaky(notHappened(place, change, failure));
            default -> reconcile(place, change, failure);
        };
    }

    /** It certainly did not happen: another try after a while, as the job says, or none. */
    private Throwable notHappened(Tape.Place place, Change<?> change, Exception failure) {
        int tries = tries(place) + 1;
        long at = steps.retryAt(tries, failure);
        if (at == 0) return forGood(place, change, failure);
        record(place, EffectStatus.FAILED, notes(change, tries).with(Notes.UNTIL, at), problem(failure));
        return tape.doomed(new Unwinding.Parked(at));
    }

    private Exception forGood(Tape.Place place, Change<?> change, Exception failure) {
        var notes = notes(change, tries(place) + 1).with(Notes.EXCEPTION, Thrown.typeOf(failure));
        return againOf(record(place, EffectStatus.FAILED, notes, problem(failure)), failure);
    }

    private static int tries(Tape.Place place) {
        return (int) Notes.number(place.notes(), Notes.TRIES, 0);
    }

    private Exception againOf(Tape.Place failed, Throwable first) {
        var recorded = failed.recorded();
        if (recorded == null) throw new IllegalStateException("Nothing was recorded at " + failed);
        return thrown.again(recorded, first);
    }

    /** Asks the other side; if it does not know either, a person has to. */
    private <T, E extends Exception> T reconcile(Tape.Place place, Change<T> change, @Nullable Exception failure)
            throws E {
        var probe = change.reconcile();
        if (probe == null) throw unknown(place, change, failure);
        var asked = place.is(EffectStatus.RECONCILING)
                ? place
                : record(place, EffectStatus.RECONCILING, notes(change, tries(place)), problem(failure));
        settle(asked, change, failure);
        Optional<T> found;
        try {
            found = probe.run(change.key());
        } catch (Unwinding | Journal.Superseded over) {
            throw tape.doomed(over);
        } catch (Exception silent) {
            if (failure != null) silent.addSuppressed(failure);
            throw unknown(asked, change, silent);
        }
        if (found.isPresent()) return applied(asked, change, found.get());
        if (failure != null) throw Steps.<E>sneaky(notHappened(asked, change, failure));
        return call(record(asked, EffectStatus.FAILED, notes(change, tries(asked)), null), change);
    }

    /** Should the attempt be over already, then its end must say that nobody knows. */
    private void settle(Tape.Place asked, Change<?> change, @Nullable Exception failure) {
        try {
            journal.settle();
        } catch (InterruptedException | Journal.Superseded over) {
            throw indeterminate(asked, change, failure);
        }
    }

    private Failure.Indeterminate unknown(Tape.Place place, Change<?> change, @Nullable Exception failure) {
        if (!place.is(EffectStatus.INDETERMINATE)) {
            record(place, EffectStatus.INDETERMINATE, notes(change, tries(place)), problem(failure));
        }
        return indeterminate(place, change, failure);
    }

    private Failure.Indeterminate indeterminate(Tape.Place place, Change<?> change, @Nullable Exception failure) {
        return tape.doomed(Failure.Indeterminate.journaled(
                "Nobody knows whether \"%s\" (key %s) happened. Look at the other side, then say: pawl resolve RUN happened|did-not-happen|skip"
                        .formatted(place.name(), change.key()),
                failure));
    }

    private @Nullable Problem problem(@Nullable Exception failure) {
        return failure == null ? null : Problem.of(journal.classOf(failure), failure);
    }

    private <T> T applied(Tape.Place place, Change<T> change, T value) {
        journal.record(steps.applied(place, notes(change, tries(place)), change.type(), value));
        return value;
    }

    private Tape.Place record(Tape.Place place, EffectStatus status, Notes notes, @Nullable Problem problem) {
        var recording = place.with(status, notes, null, problem);
        journal.record(recording);
        return place.after(recording);
    }

    private static Notes notes(Change<?> change, int tries) {
        var notes = new Notes().with(Notes.KEY, change.key());
        if (change.reconcile() != null) notes.with(Effect.PROBE, 1);
        return tries == 0 ? notes : notes.with(Notes.TRIES, tries);
    }
}
