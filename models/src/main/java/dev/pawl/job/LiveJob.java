package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.io.Action;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import dev.pawl.tape.LiveIo;
import dev.pawl.tape.Notes;
import dev.pawl.tape.Tape;
import dev.pawl.tape.Unwinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt of a job: what every task may ask, and what only jobs may. */
final class LiveJob extends LiveIo implements JobContext {

    private static final Codec CODEC = Codec.STANDARD;
    static final String START = "start";

    private static final long NANOS_BETWEEN_PROGRESS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Claimed task;
    private final Journal journal;
    private final Tape tape;
    private final Parallel parallel;
    private final List<Undo> undos = new ArrayList<>();
    private long progressWritten = Long.MIN_VALUE / 2;

    /** A step that undoes something. */
    record Undo(String name, Action.Silent<?> step) {}

    /** @param retry how steps are tried again that say nothing else */
    LiveJob(Claimed task, String label, Retry retry, Journal journal) {
        super(task, label, retry, journal);
        this.task = task;
        this.journal = journal;
        this.tape = tape();
        this.parallel = new Parallel(tape, thrown(), steps());
    }

    /** The steps that undo what was done, in the order in which they were registered. */
    List<Undo> undos() {
        return undos;
    }

    // ---- other runs -----------------------------------------------------------------------------------------------

    @Override
    public <I, O> Child<O> start(TypedProgram<I, O> program, I input) {
        return start(program, input, false);
    }

    @Override
    public <I, O> Child<O> startDetached(TypedProgram<I, O> program, I input) {
        return start(program, input, true);
    }

    private <I, O> Child<O> start(TypedProgram<I, O> program, I input, boolean detached) {
        var place = tape.begin(START, program.name(), program.encode(input));
        if (place.recorded() != null) {
            var child = RunId.parse(steps().value(place, TypeRef.of(String.class)));
            if (place.recorded().attempt() == 0) parallel.adopt(child);
            return new Child<>(child, program);
        }
        var start = new Journal.Start(program, program.encode(input), null, detached, Duration.ZERO, null);
        var notes = detached ? new Notes().with(Notes.DETACHED, "true") : null;
        return new Child<>(journal.start(place.applied(notes, null), start), program);
    }

    @Override
    public <O> O await(Child<O> child) {
        var place = parallel.placeOf(child);
        if (!place.is(EffectStatus.APPLIED)) {
            steps().settle();
            var ended = journal.ended(List.of(child.run())).get(child.run());
            if (ended == null) {
                waitFor(place, Result.NEVER);
                throw tape.doomed(new Unwinding.Parked(parallel.lookAgain(List.of(child.run()))));
            }
            place = parallel.recordEnd(place, child.run(), ended);
        }
        return parallel.outputOf(child, place);
    }

    // ---- several things at once -----------------------------------------------------------------------------------

    @Override
    public <T> List<T> all(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.all(branches);
    }

    @Override
    public <T> T any(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.first(Parallel.ANY, branches, true);
    }

    @Override
    public <T> T race(List<? extends Branch<? extends T>> branches) throws Exception {
        return parallel.first(Parallel.RACE, branches, false);
    }

    // ---- long work ------------------------------------------------------------------------------------------------

    @Override
    public <T> Optional<T> checkpoint(Class<T> type) {
        tape.requireAlive();
        var kept = journal.at(Effect.CHECKPOINT);
        if (kept == null || kept.value() == null) return Optional.empty();
        return Optional.ofNullable(
                CODEC.read(journal.load(kept.value()), TypeRef.of(type), "The checkpoint of the job"));
    }

    @Override
    public void checkpoint(Object state) {
        tape.requireAlive();
        var json = CODEC.write(state, TypeRef.of(Object.class), "The checkpoint of the job");
        journal.keep(Journal.Recording.applied(
                Effect.CHECKPOINT, "checkpoint", "", null, journal.payload("The checkpoint of the job", json)));
        steps().settle();
    }

    @Override
    public void progress(long done, long total, String what) {
        tape.requireAlive();
        long all = Math.max(0, total);
        var notes = new Notes()
                .with("done", Math.clamp(done, 0, all))
                .with("total", all)
                .with("what", what)
                .done();
        journal.keep(Journal.Recording.applied(Effect.PROGRESS, "progress", "", notes, null));
        journal.safePoint();
        if (System.nanoTime() - progressWritten < NANOS_BETWEEN_PROGRESS) return; // the next write takes it along
        progressWritten = System.nanoTime();
        steps().settle();
    }

    @Override
    public void alive() {
        tape.requireAlive();
        journal.safePoint();
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    @Override
    public <E extends Exception> void compensate(String name, Action.Silent<E> undo) {
        var place = tape.next("compensate", name);
        // A run that goes on from another has a journal that says so, and still has to say so itself.
        boolean unsaid = task.run().undo() == null && task.key().name().equals(JobRules.JOB);
        if (place.recorded() == null || unsaid) journal.record(place.applied(null, null), JobRules.UNDO);
        undos.add(new Undo(name, undo));
    }

    @Override
    public RuntimeException continueWith(@Nullable Object input) {
        tape.end();
        throw tape.doomed(new Unwinding.Continued(input));
    }
}
