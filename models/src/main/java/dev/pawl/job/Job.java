package dev.pawl.job;

import dev.pawl.boundary.Boundary;
import dev.pawl.boundary.Strictness;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Retry;
import dev.pawl.core.Run;
import dev.pawl.core.Supervision;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.Contract;
import dev.pawl.schema.JsonSchema;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.tape.Unwinding;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ordinary code that finishes, whatever happens. A value made by a lambda; what it asks of its {@link JobContext} is
 * recorded, and survives crashes, deploys and weeks of waiting. Immutable and thread-safe.
 *
 * @param <I> what a run is given
 * @param <O> what a run gives back
 */
public final class Job<I, O> implements TypedProgram<I, O> {

    private static final Codec CODEC = Codec.STANDARD;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]{0,127}");
    private static final Json SHAPE = new Json("{}");

    private final String slug;
    private final TypeRef<I> input;
    private final TypeRef<O> output;
    private final Body<I, O> body;
    private final Options options;

    /**
     * How a job is treated. Changing it needs no new version.
     *
     * @param retry how the job's own code, and steps that say nothing else, are tried again
     */
    private record Options(
            String version,
            String queue,
            Retry retry,
            @Nullable Duration timeout,
            Supervision supervision,
            Strictness boundary,
            Contract contract) {}

    private Job(String slug, TypeRef<I> input, TypeRef<O> output, Body<I, O> body, Options options) {
        this.slug = slug;
        this.input = input;
        this.output = output;
        this.body = body;
        this.options = options;
    }

    /**
     * The code of a job. Serializable only so that its bytecode can be found; it is never serialized.
     *
     * @param <I> what a run is given
     * @param <O> what a run gives back
     */
    @FunctionalInterface
    public interface Body<I, O> extends Serializable {
        /** Does the work. Runs again from the top after each crash and each wait; see {@link JobContext}. */
        O run(JobContext job, I input) throws Exception;
    }

    /**
     * Defines a job.
     *
     * @param name its identity in the database, without the {@code job:} in front
     * @throws IllegalArgumentException if the name cannot be one
     */
    public static <I, O> Job<I, O> define(String name, Class<I> input, Class<O> output, Body<I, O> body) {
        return define(name, TypeRef.of(input), TypeRef.of(output), body);
    }

    /** The same for generic types. */
    public static <I, O> Job<I, O> define(String name, TypeRef<I> input, TypeRef<O> output, Body<I, O> body) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A job cannot be called \"" + name
                            + "\": a name is a letter or underscore, then letters, digits, underscores and dashes, at most 128.");
        }
        var options = new Options(
                "1", Placement.DEFAULT_QUEUE, Retry.DEFAULT, null, Supervision.DEFAULT, Strictness.WARN, Contract.NONE);
        return new Job<>(name, input, output, body, options);
    }

    private Job<I, O> with(Options changed) {
        return new Job<>(slug, input, output, body, changed);
    }

    /**
     * The same job as another version. Runs stay with the version they were submitted with, so keep the old one at hand
     * as long as there are open runs of it; for small changes there is {@link JobContext#version}.
     */
    public Job<I, O> version(String version) {
        if (version.isBlank()) throw new IllegalArgumentException("Job \"" + slug + "\" has a version without a name.");
        return with(new Options(
                version,
                options.queue,
                options.retry,
                options.timeout,
                options.supervision,
                options.boundary,
                options.contract));
    }

    /** The same job with another queue for its runs; {@value Placement#DEFAULT_QUEUE} if nothing is said. */
    public Job<I, O> queue(String queue) {
        if (queue.isBlank()) throw new IllegalArgumentException("Job \"" + slug + "\" has a queue without a name.");
        return with(new Options(
                options.version,
                queue,
                options.retry,
                options.timeout,
                options.supervision,
                options.boundary,
                options.contract));
    }

    /** How its own code, and steps that say nothing else, are tried again; {@link Retry#DEFAULT} if nothing is said. */
    public Job<I, O> retry(Retry retry) {
        return with(new Options(
                options.version,
                options.queue,
                retry,
                options.timeout,
                options.supervision,
                options.boundary,
                options.contract));
    }

    /** The longest that its code may run at a stretch, waiting not included; no limit if nothing is said. */
    public Job<I, O> timeout(Duration limit) {
        return with(new Options(
                options.version,
                options.queue,
                options.retry,
                limit,
                options.supervision,
                options.boundary,
                options.contract));
    }

    /**
     * Its code hangs when it gives no sign of life for so long: every request to the job's context is one. 30 s is a good
     * choice; nothing is expected if nothing is said.
     */
    public Job<I, O> staleAfter(Duration time) {
        return supervised(new Supervision(time, options.supervision.onStall(), options.supervision.recoveries()));
    }

    /** What becomes of it when it hangs; another attempt from its checkpoint if nothing is said. */
    public Job<I, O> onStall(Supervision.OnStall what) {
        return supervised(new Supervision(options.supervision.staleAfter(), what, options.supervision.recoveries()));
    }

    /** How often it is taken up again after hanging or after its worker died; three times if nothing is said. */
    public Job<I, O> recoveries(int most) {
        return supervised(new Supervision(options.supervision.staleAfter(), options.supervision.onStall(), most));
    }

    private Job<I, O> supervised(Supervision supervision) {
        return with(new Options(
                options.version,
                options.queue,
                options.retry,
                options.timeout,
                supervision,
                options.boundary,
                options.contract));
    }

    /**
     * How strictly its code is looked at when a Pawl takes it up: for clocks, randomness, threads, files, sockets and the
     * like that are not asked of the job's context. {@link Strictness#WARN} if nothing is said.
     */
    public Job<I, O> boundary(Strictness how) {
        return with(new Options(
                options.version,
                options.queue,
                options.retry,
                options.timeout,
                options.supervision,
                how,
                options.contract));
    }

    /** What the input must look like: others are refused when they are submitted. */
    public Job<I, O> input(JsonSchema schema) {
        return contract(options.contract.input(schema));
    }

    /** What the output must look like: another fails the run. */
    public Job<I, O> output(JsonSchema schema) {
        return contract(options.contract.output(schema));
    }

    private Job<I, O> contract(Contract contract) {
        return with(new Options(
                options.version,
                options.queue,
                options.retry,
                options.timeout,
                options.supervision,
                options.boundary,
                contract));
    }

    // ---- the program ----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "job:" + slug;
    }

    @Override
    public String version() {
        return options.version;
    }

    /** Code has no shape that could be compared: what fits is seen when it runs along a journal. */
    @Override
    public Json shape() {
        return SHAPE;
    }

    @Override
    public List<String> differences(Json stored) {
        return List.of();
    }

    @Override
    public void inspect() {
        Boundary.check(name(), options.boundary, List.of(body));
    }

    @Override
    public String queue() {
        return options.queue;
    }

    @Override
    public TaskOptions options(String task) {
        if (task.equals(JobRules.UNDO)) return TaskOptions.DEFAULT;
        return new TaskOptions(options.retry, options.timeout, options.supervision);
    }

    @Override
    public Plan start(Json given) {
        I value = read(given);
        if (value == null && input.isRecord()) {
            throw new Failure.Logic("The input of job \"" + slug + "\" is null, but it expects a " + input + ".");
        }
        options.contract.requireInput("The input of job \"" + slug + "\"", given);
        return JobRules.start();
    }

    private I read(Json given) {
        return CODEC.read(given, input, "The input of job \"" + slug + "\"");
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        if (task.key().name().equals(JobRules.UNDO)) return undo(task, journal);
        var context = new LiveJob(task, label(), options.retry, journal);
        O value;
        try {
            value = body.run(context, input(task, task.key().index()));
            context.tape().end();
        } catch (Throwable thrown) {
            return ended(context, thrown);
        }
        String what = "The output of job \"" + slug + "\"";
        var written = CODEC.write(value, output, what);
        options.contract.requireOutput(what, written);
        return new Result.Done(written, -1);
    }

    private String label() {
        return "Job \"" + slug + "\" version " + options.version;
    }

    private I input(Claimed task, int round) {
        return read(round == 0 ? task.outputs().input() : task.outputs().of(JobRules.JOB, round - 1));
    }

    private Result ended(LiveJob context, Throwable thrown) throws Exception {
        if (context.tape().doom() instanceof Unwinding.Continued next)
            return new Result.Continued(nextInput(next.input()));
        return context.ended(thrown);
    }

    private Json nextInput(@Nullable Object next) {
        String what = "The next input of job \"" + slug + "\"";
        try {
            return CODEC.write(next == null ? null : input.cast(next), input, what);
        } catch (ClassCastException other) {
            throw new Failure.Logic(what + " does not fit " + input + ": " + other.getMessage(), other);
        }
    }

    /**
     * Runs the code along its journal as far as that goes, to learn what there is to undo, and then undoes it, the last
     * first.
     */
    private Result undo(Claimed task, Journal journal) throws Exception {
        int round = JobRules.round(task.run().state());
        var past = new LiveJob(
                task, label(), options.retry, new RecordedOnly(journal.journalOf(JobRules.JOB, round), journal));
        try {
            body.run(past, input(task, round));
        } catch (Throwable endOfTheStory) {
            if (endOfTheStory instanceof VirtualMachineError broken) throw broken;
            if (past.tape().doom() instanceof Failure.Diverged diverged) throw diverged;
        }
        var present = new LiveJob(task, label(), options.retry, journal);
        try {
            undo(present, past.undos());
        } catch (Throwable thrown) {
            return ended(present, thrown);
        }
        return new Result.Done(Json.NULL, -1);
    }

    private static void undo(LiveJob present, List<LiveJob.Undo> undos) throws Exception {
        var failed = new ArrayList<String>();
        for (var undo : undos.reversed()) {
            try {
                present.call(undo.name(), undo.step());
            } catch (Exception gaveUp) {
                present.tape().requireAlive();
                failed.add("\"" + undo.name() + "\" (" + gaveUp + ")");
            }
        }
        if (!failed.isEmpty()) throw new Failure.Logic(String.join(", ", failed));
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return JobRules.advance(run, task, outcome);
    }

    @Override
    public Plan retry(History earlier) {
        return Onward.retry(earlier);
    }

    @Override
    public Plan fork(History earlier, String from, Map<String, Payload> edits) {
        return Onward.fork(label(), earlier, from, edits);
    }

    @Override
    public Replay replay(History run, Consumer<Moment> seen) {
        int round = JobRules.round(run.run().state());
        var given = round == 0 ? run.input() : run.output(JobRules.JOB, round - 1);
        return new Again(label(), options.retry, run)
                .run(
                        job -> CODEC.write(body.run(job, read(given)), output, "The output of job \"" + slug + "\""),
                        (present, past) -> undo(present, past.undos()),
                        seen);
    }

    @Override
    public Json encode(I value) {
        return CODEC.write(value, input, "The input of job \"" + slug + "\"");
    }

    @Override
    public O decode(Json json) {
        return CODEC.read(json, output, "The output of job \"" + slug + "\"");
    }

    @Override
    public String toString() {
        return name() + "@" + options.version;
    }
}
