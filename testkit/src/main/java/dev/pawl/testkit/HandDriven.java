package dev.pawl.testkit;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunIds;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.exec.ArtifactFolder;
import dev.pawl.exec.Claimer;
import dev.pawl.exec.Classifier;
import dev.pawl.exec.Entry;
import dev.pawl.exec.HandOver;
import dev.pawl.exec.OutputCache;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.Policies;
import dev.pawl.exec.Recorded;
import dev.pawl.exec.RunHistory;
import dev.pawl.exec.Surroundings;
import dev.pawl.exec.TaskRunner;
import dev.pawl.exec.Verdict;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.exec.Writer;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Policy;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A worker without threads: every claim, every attempt and every commit happens when the test says so, in the test's
 * thread, with the parts that the real one uses. Several on one store are several workers.
 */
public final class HandDriven {

    private static final Entry.Origin BY_TEST = Entry.Origin.of("test");

    private final Store store;
    private final RunIds ids;
    private final Map<Integer, Program> programs = new HashMap<>();
    private final Map<String, Integer> definitions = new HashMap<>();
    private final Writer writer;
    private final Claimer claimer;
    private final TaskRunner runner;
    private final Payloads payloads;
    private final Surroundings around;
    private final Map<Tx.Claim, Recorded> recorded = new HashMap<>();

    /** A worker on the default queue with leases of 6 s. */
    public HandDriven(Store store, Clock clock, List<? extends Program> programs) {
        this(store, clock, programs, WorkerSettings.DEFAULT);
    }

    /** A worker with these settings; its slots are not used. */
    public HandDriven(Store store, Clock clock, List<? extends Program> programs, WorkerSettings wanted) {
        this(store, clock, programs, wanted, null);
    }

    /** A worker that asks a policy before and after tasks, and before effects. */
    public HandDriven(
            Store store,
            Clock clock,
            List<? extends Program> programs,
            WorkerSettings wanted,
            @Nullable Policy policy) {
        this.store = store;
        this.ids = new RunIds(clock::now, new java.util.Random(clock.now() ^ System.nanoTime()));
        for (Program program : programs) {
            var definition =
                    store.write(tx -> tx.define(program.name(), program.version(), program.shape(), clock.now()));
            this.programs.put(definition.id(), program);
            definitions.put(program.name() + program.version(), definition.id());
        }
        programs.stream()
                .flatMap(program -> program.queueLimits().stream())
                .distinct()
                .forEach(limit -> store.writes(tx -> tx.limit(limit)));
        var settings = wanted.serving(this.programs.values());
        int worker = store.write(tx -> tx.insertWorker(
                "by hand", settings.queues(), List.copyOf(this.programs.keySet()), settings.slots(), clock.now()));
        payloads = new Payloads(new ArtifactFolder(store.defaultArtifacts()), Payloads.Limits.DEFAULT);
        var cache = new OutputCache(1 << 20);
        writer = new Writer(store, clock, HandOver.NONE, new Deaf(cache));
        around = new Surroundings(
                store,
                clock,
                payloads,
                Classifier.NONE,
                entry -> write(List.of(entry)),
                this::child,
                policy == null ? null : new Policies(policy));
        claimer = new Claimer(store, clock, worker, this.programs.keySet(), settings);
        runner = new TaskRunner(store, payloads, cache, Classifier.NONE, new SplittableRandom(clock.now()));
    }

    /** Hears of outputs and of nothing else. */
    private record Deaf(OutputCache cache) implements Writer.AfterCommit {
        @Override
        public void succeeded(TaskKey task, Payload output) {
            cache.keep(task, output);
        }

        @Override
        public void ended(RunId run, Writer.Ended how) {}

        @Override
        public void cancelled(List<TaskKey> tasks) {}

        @Override
        public void held(Set<RunId> runs) {}

        @Override
        public void waiting(long dueAt) {}
    }

    /** Submits a run of one of the programs. */
    public RunId submit(Program program, Json input) {
        return submit(program, input, null, null, null);
    }

    /** Submits a run with a key, a deadline in epoch milliseconds, or as the retry of another. */
    public RunId submit(
            Program program, Json input, @Nullable String key, @Nullable Long deadlineAt, @Nullable RunId retryOf) {
        var id = ids.next();
        var start = retryOf == null
                ? program.start(input)
                : program.retry(new RunHistory(store, payloads, details(retryOf)));
        var definition = definitions.get(program.name() + program.version());
        if (definition == null) throw new IllegalArgumentException(program.name() + " was not given to this worker");
        var submission = new Entry.Submission(
                id,
                definition,
                program,
                new Placement(program.queue(), Priority.NORMAL, program.tenant()),
                key,
                Payload.inline(input),
                start,
                deadlineAt,
                0,
                retryOf == null ? BY_TEST.in(program.slot(input)) : BY_TEST.from(retryOf, Link.RETRY),
                null,
                new CompletableFuture<>());
        write(List.of(submission));
        return submission.done().join();
    }

    private Entry.Submission child(Task parent, Journal.Start child) {
        var id = ids.next();
        var definition =
                definitions.get(child.program().name() + child.program().version());
        if (definition == null)
            throw new IllegalArgumentException(child.program().name() + " was not given");
        return new Entry.Submission(
                id,
                definition,
                child.program(),
                Placement.DEFAULT.in(child.program().queue()),
                null,
                payloads.keep(id, "The input", child.input()),
                child.program().start(child.input()),
                null,
                0,
                Entry.Origin.of(parent.key().run(), child),
                null,
                new CompletableFuture<>());
    }

    /** Puts a message into a run's mailbox; answers whether it was new. */
    public boolean signal(RunId run, String name, Json payload, @Nullable String id) {
        var signal = new Entry.Signal(run, name, id, Payload.inline(payload), "test", new CompletableFuture<>());
        write(List.of(signal));
        return answer(signal.done());
    }

    /** Puts messages into topics of a run; answers how many are new. */
    public int publish(RunId run, List<Plan.Publication> messages) {
        var publication = new Entry.Publication(run, messages, "test", new CompletableFuture<>());
        write(List.of(publication));
        return answer(publication.done());
    }

    /** Says what became of an outside change of which nobody knew; throws what the engine refuses. */
    public RunStatus resolve(Tx.NewEffect undecided, EffectStatus to, @Nullable Json value) {
        var said = new Entry.Resolution(
                undecided.task().run(),
                undecided.task(),
                undecided.effect(),
                to,
                value == null ? null : Payload.inline(value),
                "test",
                "",
                new CompletableFuture<>());
        write(List.of(said));
        return answer(said.done());
    }

    /** Lets a program of this worker take over a run from the version that is in charge. */
    public void takeOver(RunId run, Program program) {
        var migration = migration(run, program);
        write(List.of(migration));
        int unused = answer(migration.done());
    }

    /** The end of an attempt, to be written with {@link #commit}. */
    public Entry.Ending ending(Tx.Claim claim, Verdict verdict) {
        return new Entry.Ending(
                program(claim),
                claim.task(),
                verdict,
                recorded.getOrDefault(claim, Recorded.NONE),
                true,
                new CompletableFuture<>());
    }

    /** A change of hands, to be written with {@link #commit}. */
    public Entry.Migration migration(RunId run, Program program) {
        int from = details(run).run().definition();
        var to = definitions.get(program.name() + program.version());
        if (to == null) throw new IllegalArgumentException(program.name() + " was not given to this worker");
        return new Entry.Migration(run, program, to, from, "test", "", new CompletableFuture<>());
    }

    /** Writes entries of all kinds in one transaction, as a lane does with what has gathered. */
    public void commit(List<? extends Entry> entries) {
        write(List.copyOf(entries));
    }

    private static <T> T answer(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException refused) {
            throw (RuntimeException) refused.getCause();
        }
    }

    /** Pauses, resumes or cancels; throws what the engine refuses. */
    public RunStatus command(RunId run, Entry.Verb verb) {
        var command = new Entry.Command(run, verb, "test", "", new CompletableFuture<>());
        write(List.of(command));
        return answer(command.done());
    }

    /** Claims at most so many due tasks. */
    public List<Tx.Claim> claim(int limit) {
        try {
            return claimer.claim(limit);
        } catch (StoreException.OutcomeUnknown unknown) {
            return claimer.recover();
        }
    }

    /** Runs one attempt of a claimed task. */
    public Verdict attempt(Tx.Claim claim) {
        var attempted = runner.attempt(program(claim), claim.run(), claim.task(), around);
        recorded.put(claim, attempted.recorded());
        return attempted.verdict();
    }

    /** Writes the end of an attempt; answers whether the lease still held. */
    public boolean end(Tx.Claim claim, Verdict verdict) {
        return end(Map.of(claim, verdict)).getFirst();
    }

    /** Writes the ends of several attempts in one transaction. */
    public List<Boolean> end(Map<Tx.Claim, Verdict> verdicts) {
        var endings = new ArrayList<Entry.Ending>();
        verdicts.forEach((claim, verdict) -> endings.add(ending(claim, verdict)));
        write(List.copyOf(endings));
        return endings.stream().map(ending -> ending.done().join()).toList();
    }

    /** Claims one due task, runs it and writes its end; answers whether there was one. */
    public boolean step() {
        var claims = claim(1);
        claims.forEach(claim -> end(claim, attempt(claim)));
        return !claims.isEmpty();
    }

    /** Steps until nothing is due. */
    public void drain() {
        while (step()) {
            // on
        }
    }

    private Program program(Tx.Claim claim) {
        var program = programs.get(claim.task().definition());
        if (program == null)
            throw new IllegalStateException("no code for " + claim.task().key());
        return program;
    }

    /** As a lane does: after a lost reply it is looked up before anything is repeated. */
    private void write(List<Entry> entries) {
        var doubt = new Writer.Doubt();
        while (true) {
            try {
                writer.write(entries, doubt);
                return;
            } catch (StoreException.OutcomeUnknown unknown) {
                // once more, in doubt
            }
        }
    }

    /** A run as it is now. */
    public RunDetails details(RunId run) {
        return store.run(run).orElseThrow();
    }

    /** The output of a succeeded run whose output is a value. */
    public @Nullable Json output(RunId run) {
        var output = details(run).output();
        return output == null ? null : payloads.load(output);
    }
}
