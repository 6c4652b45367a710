package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Problem;
import dev.pawl.core.Retry;
import dev.pawl.io.Action;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Journal;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Durable steps: done once, recorded, and from then on only read. */
public final class Steps {

    private static final Codec CODEC = Codec.STANDARD;

    private final Tape tape;
    private final Journal journal;
    private final Thrown thrown;
    private final Retry retry;
    private final SplittableRandom jitter = new SplittableRandom();

    public Steps(Tape tape, Thrown thrown, Retry retry) {
        this.tape = tape;
        this.journal = tape.journal();
        this.thrown = thrown;
        this.retry = retry;
    }

    // ---- calls ----------------------------------------------------------------------------------------------------

    public <T, E extends Exception> T call(String name, TypeRef<T> type, @Nullable Retry own, Action<T, E> step)
            throws E {
        return call(tape.begin("call", name, null), type, own, step);
    }

    /** A durable step at a place that says what is asked for. */
    public <T, E extends Exception> T call(Tape.Place place, TypeRef<T> type, @Nullable Retry own, Action<T, E> step)
            throws E {
        if (place.is(EffectStatus.APPLIED)) return value(place, type);
        if (place.is(EffectStatus.FAILED)) throw Steps.<E>sneaky(again(place));
        waitOut(place);
        settle();
        return outcome(recorded(attempt(place, type, own, step)));
    }

    private <T> Tried<T> recorded(Tried<T> tried) {
        if (tried.recording() != null) journal.record(tried.recording());
        return tried;
    }

    /**
     * What a try at a step came to.
     *
     * @param recording what is to be recorded of it; null if the attempt itself is over, so that it came to nothing
     * @param value what it gave back, if it did
     * @param failed what it threw, if it did
     * @param retryAt when the next try is due, in epoch milliseconds; 0 if there is none
     */
    public record Tried<T>(
            Tape.Place place,
            Journal.@Nullable Recording recording,
            @Nullable T value,
            @Nullable Throwable failed,
            long retryAt) {}

    /** One try. Touches neither tape nor journal, so that several may go on at once. */
    public <T> Tried<T> attempt(
            Tape.Place place, TypeRef<T> type, @Nullable Retry own, Action<T, ? extends Exception> step) {
        try {
            T value = step.run();
            return new Tried<>(place, applied(place, type, value), value, null, 0);
        } catch (Throwable failure) {
            return failed(place, own, failure);
        }
    }

    private <T> Journal.Recording applied(Tape.Place place, TypeRef<T> type, @Nullable T value) {
        return applied(place, null, type, value);
    }

    <T> Journal.Recording applied(Tape.Place place, @Nullable Notes notes, TypeRef<T> type, @Nullable T value) {
        String what = "The output of step \"" + place.name() + "\"";
        var json = CODEC.write(value, type, what);
        return place.applied(notes, journal.payload(what, json));
    }

    private <T> Tried<T> failed(Tape.Place place, @Nullable Retry own, Throwable failure) {
        var over = over(failure);
        if (over != null) return new Tried<>(place, null, null, over, 0);
        var failureClass = journal.classOf(failure);
        var problem = Problem.of(failureClass, failure);
        int tries = (int) Notes.number(place.notes(), Notes.TRIES, 0) + 1;
        var policy = own == null ? retry : own;
        if (needsSomebody(failureClass)) {
            var notes = new Notes().with(Notes.TRIES, tries - 1);
            return new Tried<>(place, place.with(EffectStatus.BEGUN, notes, null, problem), null, failure, 0);
        }
        if (failureClass.retried() && tries < policy.maxAttempts()) {
            long at = journal.now() + delay(policy, tries, failure);
            var notes = new Notes().with(Notes.TRIES, tries).with(Notes.UNTIL, at);
            return new Tried<>(place, place.with(EffectStatus.BEGUN, notes, null, problem), null, failure, at);
        }
        var notes = new Notes().with(Notes.TRIES, tries).with(Notes.EXCEPTION, Thrown.typeOf(failure));
        return new Tried<>(place, place.with(EffectStatus.FAILED, notes, null, problem), null, failure, 0);
    }

    /** Why the attempt itself is over, whatever the step made of its interruption; null if it goes on. */
    private @Nullable Throwable over(Throwable failure) {
        if (failure instanceof Unwinding || failure instanceof Journal.Superseded) return failure;
        try {
            journal.safePoint();
            return null;
        } catch (Journal.Superseded over) {
            return over;
        }
    }

    private static boolean needsSomebody(FailureClass failureClass) {
        return failureClass == FailureClass.AUTH
                || failureClass == FailureClass.PERMISSION
                || failureClass == FailureClass.INDETERMINATE;
    }

    /** When a change that has failed so often may be tried again, in epoch milliseconds; 0 if it may not. */
    long retryAt(int tries, Throwable failure) {
        boolean again = journal.classOf(failure).retried() && tries < retry.maxAttempts();
        return again ? journal.now() + delay(retry, tries, failure) : 0;
    }

    private long delay(Retry policy, int tries, Throwable failure) {
        long delay = policy.delay(tries, jitter).toMillis();
        return failure instanceof Failure.RateLimited limited
                ? Math.max(delay, limited.retryAfter().toMillis())
                : delay;
    }

    /** What follows from a try whose record is on its way. */
    public <T, E extends Exception> T outcome(Tried<T> tried) throws E {
        var failure = tried.failed();
        if (failure == null) return valueOf(tried);
        var recording = tried.recording();
        if (recording == null) throw Steps.<E>sneaky(tape.doomed(failure));
        switch (recording.status()) {
            case BEGUN -> {
                if (tried.retryAt() > 0) throw tape.doomed(new Unwinding.Parked(tried.retryAt()));
                throw Steps.<E>sneaky(tape.doomed(failure)); // it needs somebody, whatever the code would do about it
            }
            case FAILED -> throw Steps.<E>sneaky(thrown.again(effectOf(tried.place(), recording), failure));
            default -> throw new IllegalStateException("A failed step is recorded as " + recording.status());
        }
    }

    @SuppressWarnings("NullAway") // a step may give null back; only its author knows
    private static <T> T valueOf(Tried<T> tried) {
        return tried.value();
    }

    private static Effect effectOf(Tape.Place place, Journal.Recording recording) {
        var recorded = place.after(recording).recorded();
        if (recorded == null) throw new IllegalStateException("Nothing was recorded at " + place);
        return recorded;
    }

    /** Not before the time at which the next try is due: something else may have woken the job. */
    void waitOut(Tape.Place place) {
        long until = Notes.number(place.notes(), Notes.UNTIL, 0);
        if (journal.now() < until) throw tape.doomed(new Unwinding.Parked(until));
    }

    // ---- transactions ---------------------------------------------------------------------------------------------

    public <T, E extends Exception> T transact(String name, TypeRef<T> type, Action.Transacted<T, E> work) throws E {
        var place = tape.begin("transact", name, null);
        if (place.is(EffectStatus.APPLIED)) return value(place, type);
        if (place.is(EffectStatus.FAILED)) throw Steps.<E>sneaky(again(place));
        waitOut(place);
        var tried = new Tried<?>[1];
        try {
            journal.transact(connection -> {
                T value = work.run(connection);
                var recording = applied(place, type, value);
                tried[0] = new Tried<>(place, recording, value, null, 0);
                return recording;
            });
        } catch (Throwable failure) {
            tried[0] = recorded(failed(place, null, failure));
        }
        @SuppressWarnings("unchecked")
        var own = (Tried<T>) tried[0];
        return outcome(own);
    }

    // ---- values ---------------------------------------------------------------------------------------------------

    public Exception again(Tape.Place place) {
        var recorded = place.recorded();
        if (recorded == null) throw new IllegalStateException("Nothing was recorded at " + place);
        return thrown.again(recorded, null);
    }

    /** What a place gave back. */
    @SuppressWarnings("NullAway") // a step may give null back; only its author knows
    public <T> T value(Tape.Place place, TypeRef<T> type) {
        var recorded = place.recorded();
        if (recorded == null || recorded.value() == null) return null;
        return CODEC.read(
                journal.load(recorded.value()),
                type,
                "What is recorded for " + place.kind() + " \"" + place.name() + '"');
    }

    /** Returns when everything recorded so far is on disk. */
    public void settle() {
        tape.settle();
    }

    /** Throws what a step threw, checked or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is to be deceived
    public static <E extends Exception> E sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
