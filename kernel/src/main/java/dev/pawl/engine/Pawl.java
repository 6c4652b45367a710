package dev.pawl.engine;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Event;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunIds;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.exec.Approvals;
import dev.pawl.exec.Engine;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.Policies;
import dev.pawl.exec.Refused;
import dev.pawl.exec.RunHistory;
import dev.pawl.exec.RunResults;
import dev.pawl.exec.Writer;
import dev.pawl.spi.BuiltIn;
import dev.pawl.spi.History;
import dev.pawl.spi.Program;
import dev.pawl.spi.Runs;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreProvider;
import dev.pawl.spi.Tx;
import dev.pawl.spi.TypedProgram;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The front door. Opens a database, works on the runs it has code for, and takes the verbs that people use on runs.
 * Thread-safe; close it when done.
 */
public final class Pawl implements Runs, AutoCloseable {

    /** How long a run that is waited for is trusted to end in this process, before the database is asked. */
    private static final Duration ENDS_HERE = Duration.ofSeconds(1);

    private final Store store;
    private final Engine engine;
    private final Catalog catalog;
    private final Submissions submissions;
    private final Payloads payloads;
    private final Watches watches;
    private final Topics topics;
    private final @Nullable LiveFolder folder;
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed;

    private Pawl(
            Store store, Settings settings, Collection<? extends Program> programs, @Nullable LiveFolder throwAway) {
        this.store = store;
        this.folder = throwAway;
        this.watches = new Watches(store);
        var artifacts = settings.artifacts() == null ? store.defaultArtifacts() : settings.artifacts();
        this.payloads = new Payloads(new dev.pawl.exec.ArtifactFolder(artifacts), settings.payloads());
        var clock = new dev.pawl.exec.DatabaseClock(store);
        var ids = new RunIds(clock::now, new java.security.SecureRandom());
        programs.stream()
                .flatMap(program -> program.queueLimits().stream())
                .distinct()
                .forEach(limit -> store.writes(tx -> tx.limit(limit)));
        settings.limits().forEach(limit -> store.writes(tx -> tx.limit(limit)));
        this.catalog = new Catalog(store, clock.now(), programs, ServiceLoader.load(BuiltIn.class));
        var policies = settings.policy() == null ? null : new Policies(settings.policy());
        this.submissions = new Submissions(catalog, ids, payloads, clock, this::remember, new Labels(store), policies);
        this.engine = new Engine(
                store,
                clock,
                payloads,
                settings.worker(),
                settings.classifier(),
                settings.retention(),
                catalog.byDefinition(),
                submissions,
                watches::ended,
                () -> watches.look(settings.worker().slots() == 0 ? Duration.ZERO : ENDS_HERE),
                policies);
        this.topics = new Topics(engine, catalog);
    }

    /**
     * Opens a database with the default settings: {@code jdbc:sqlite:pawl.db} or {@code jdbc:postgresql:…}.
     *
     * @throws dev.pawl.spi.StoreException if the database cannot be used; the message says why and what to do
     */
    public static Pawl open(String url, Program... programs) {
        return open(url, Settings.DEFAULT, List.of(programs));
    }

    /** The same with settings. */
    public static Pawl open(String url, Settings settings, Collection<? extends Program> programs) {
        var store = openStore(url);
        try {
            return over(store, settings, programs);
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    /** Over a store that is open already; closing this closes the store. */
    public static Pawl over(Store store, Settings settings, Collection<? extends Program> programs) {
        return new Pawl(store, settings, programs, null);
    }

    /**
     * Tries programs out: they run for real, touch the outside for real, and nothing is kept. On a database of its own that
     * is deleted when this is closed.
     *
     * @throws dev.pawl.spi.StoreException if no temporary file can be made
     */
    public static Pawl live(Program... programs) {
        return live(Settings.DEFAULT, List.of(programs));
    }

    /** The same with settings. */
    public static Pawl live(Settings settings, Collection<? extends Program> programs) {
        var folder = LiveFolder.create();
        try {
            return new Pawl(openStore(folder.url()), settings, programs, folder);
        } catch (RuntimeException failed) {
            folder.delete();
            throw failed;
        }
    }

    private static Store openStore(String url) {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.accepts(url)) return provider.open(url);
        }
        throw new dev.pawl.spi.StoreException.Unusable(
                "No store knows database URLs that begin with '%s'. Use jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE."
                        .formatted(url.replaceAll("//.*|[?;@].*", "")), // what follows may be a password
                null);
    }

    // ---- submitting -----------------------------------------------------------------------------------------------

    /** Submits a run; it is durable on return. */
    public <I, O> Handle<O> submit(TypedProgram<I, O> program, I input) {
        return submit(program, input, Submit.NOW);
    }

    /**
     * Submits a run; it is durable on return, or, with a key, the run that had the key first is.
     *
     * @throws dev.pawl.core.Failure.Logic if the program cannot take the input
     * @throws Refused if this Pawl does not have the program, or its shape differs from the stored one
     * @throws dev.pawl.spi.StoreException if the database cannot be written; nothing was submitted then
     */
    public <I, O> Handle<O> submit(TypedProgram<I, O> program, I input, Submit how) {
        return submit(submissions.of(program, program.encode(input), how), program::decode);
    }

    /**
     * Submits a run by the name of its program, with or without the model in front.
     *
     * @throws Refused if there is no such program
     */
    public Handle<Json> submit(String program, Json input, Submit how) {
        return submit(submissions.of(catalog.named(program), input, how), output -> output);
    }

    /**
     * Submits a run in a transaction of yours, on a connection to the same database: if you commit it, the run exists, and
     * if you roll it back, it never did. A worker finds it within a second of the commit.
     *
     * @param connection not in auto-commit mode
     * @throws dev.pawl.spi.StoreException.Unusable if the connection is not one to this database
     */
    public <I, O> Handle<O> submit(Connection connection, TypedProgram<I, O> program, I input, Submit how) {
        var submission = submissions.of(program, program.encode(input), how);
        var holder = store.within(connection, tx -> Writer.submitWithin(tx, engine.now(), submission));
        return new Handle<>(this, holder, watches.watch(holder), program::decode);
    }

    @Override
    public Optional<RunId> submitInSlot(Program program, Json input, Priority priority, String actor) {
        var how = Submit.NOW.by(actor).priority(priority);
        try {
            var submission = submissions.of(program, input, how);
            engine.commit(submission); // nobody waits for its end, so nobody looks whether it has come
            return Optional.of(join(submission.done()));
        } catch (Refused refused) {
            if (refused.why() == Refused.Why.SLOT_TAKEN) return Optional.empty();
            throw refused;
        }
    }

    private <O> Handle<O> submit(Entry.Submission submission, Function<Json, O> decode) {
        var id = submission.run();
        var ended = watches.watch(id);
        engine.commit(submission);
        var holder = join(submission.done());
        return new Handle<>(this, holder, holder.equals(id) ? ended : end(run(holder)), decode);
    }

    private void remember(RunId run, Json input) {
        engine.remember(run, input);
    }

    // ---- going on from earlier runs -------------------------------------------------------------------------------

    /**
     * Goes on from where a failed or cancelled run stopped, as a new run: what succeeded is kept.
     *
     * @throws Refused if the run does not exist, has not failed, or its program is not at hand
     */
    public Handle<Json> retry(RunId run, String actor) {
        var old = earlier(run);
        if (old.status() != RunStatus.FAILED && old.status() != RunStatus.CANCELLED) {
            throw new Refused(
                    Refused.Why.WRONG_STATUS,
                    "Run %s is %s and cannot be retried: only a FAILED or CANCELLED run can."
                            .formatted(run, old.status()));
        }
        var program = programOf(old);
        var plan = program.retry(new RunHistory(store, payloads, old));
        return submit(submissions.from(old, program, plan, Link.RETRY, actor), output -> output);
    }

    /**
     * Does a run that has ended over from the beginning, as a new run; nothing of it is kept.
     *
     * @param input another input, or null for the same
     * @throws Refused if the run does not exist, has not ended, or its program is not at hand
     */
    public Handle<Json> restart(RunId run, @Nullable Json input, String actor) {
        var old = ended(run, "restarted");
        var program = programOf(old);
        var given = input == null ? payloads.load(old.input()) : input;
        return submit(submissions.anew(old, program, given, actor), output -> output);
    }

    /**
     * Does a run that has ended over from one of its steps on, as a new run: what does not depend on that step is kept.
     *
     * @param from a step, in words of the model
     * @param edits outputs to use instead of those that were recorded, by step
     * @throws Refused if the run does not exist, has not ended, or its program is not at hand
     * @throws dev.pawl.core.Failure.Logic if there is no such step
     */
    public Handle<Json> fork(RunId run, String from, Map<String, Json> edits, String actor) {
        var old = ended(run, "forked");
        var program = programOf(old);
        var kept = new LinkedHashMap<String, Payload>();
        edits.forEach((step, value) -> kept.put(step, payloads.keep(run, "The edited output of " + step, value)));
        var plan = program.fork(new RunHistory(store, payloads, old), from, kept);
        return submit(submissions.from(old, program, plan, Link.FORK, actor), output -> output);
    }

    private RunDetails ended(RunId run, String verb) {
        var old = earlier(run);
        if (!old.status().terminal()) {
            throw new Refused(
                    Refused.Why.WRONG_STATUS,
                    "Run %s is %s and cannot be %s: only a run that has ended can. Cancel it first with: pawl cancel %s"
                            .formatted(run, old.status(), verb, run));
        }
        return old;
    }

    private RunDetails earlier(RunId run) {
        var old = run(run);
        if (store.events(run, 0, 1).isEmpty()) throw Refused.pruned(run);
        return old;
    }

    private Program programOf(RunDetails old) {
        var same = catalog.at(old.run().definition());
        return same != null ? same : catalog.named(old.program());
    }

    /** The run that everything began with, and all that retry, restart or fork it, oldest first; from any of them. */
    public List<RunDetails> chain(RunId run) {
        var first = run(run);
        while (first.retryOf() != null) {
            var before = find(first.retryOf());
            if (before.isEmpty()) break; // pruned
            first = before.get();
        }
        var chain = new ArrayList<>(List.of(first));
        for (int i = 0; i < chain.size(); i++)
            chain.addAll(store.successors(chain.get(i).id()));
        chain.sort(Comparator.comparing(RunDetails::id));
        return chain;
    }

    /** The runs that a run started, oldest first. */
    public List<RunDetails> children(RunId run, int limit) {
        return store.children(run, limit);
    }

    // ---- verbs ----------------------------------------------------------------------------------------------------

    /** Holds a running run: what runs now ends, nothing new starts. */
    @Override
    public void pause(RunId run, String actor, String comment) {
        command(run, Entry.Verb.PAUSE, actor, comment);
    }

    /** Releases a paused or blocked run. */
    @Override
    public void resume(RunId run, String actor, String comment) {
        command(run, Entry.Verb.RESUME, actor, comment);
    }

    /** Ends a run; what runs now is interrupted. */
    @Override
    public void cancel(RunId run, String actor, String comment) {
        command(run, Entry.Verb.CANCEL, actor, comment);
    }

    /** Counts its lost and stalled attempts from zero again, so that it can be recovered as often as at first. */
    public void forgive(RunId run, String actor, String comment) {
        command(run, Entry.Verb.FORGIVE, actor, comment);
    }

    /**
     * Puts a message into the mailbox of a run, durably; it may come before the run waits for it.
     *
     * @param name what the run waits for
     * @param id a second message with the same id is dropped; null for no such promise
     * @return false if a message with this id was there before
     * @throws Refused if there is no such run, or it has ended
     */
    @Override
    public boolean signal(RunId run, String name, Json payload, @Nullable String id, String actor) {
        var kept = payloads.keep(run, "The payload of signal " + name, payload);
        var done = new CompletableFuture<Boolean>();
        engine.commit(new Entry.Signal(run, name, id, kept, actor, done));
        return join(done);
    }

    @Override
    public int publish(RunId run, List<Plan.Publication> messages, String actor) {
        return topics.publish(run, messages, actor);
    }

    @Override
    public boolean takeOver(RunDetails run, Program program, boolean back, String actor, String comment) {
        return topics.takeOver(run, program, back, actor, comment);
    }

    /** The outside changes of a run of which nobody knows whether they happened. */
    public List<Tx.NewEffect> indeterminate(RunId run) {
        return undecided(run, EffectStatus.INDETERMINATE);
    }

    /** What of a run somebody has to approve. */
    public List<Tx.NewEffect> questions(RunId run) {
        return undecided(run, EffectStatus.BEGUN);
    }

    private List<Tx.NewEffect> undecided(RunId run, EffectStatus status) {
        return store.undecided(run).stream()
                .filter(one -> one.effect().status() == status)
                .toList();
    }

    /**
     * Approves what a run waits for, or refuses it; the run goes on with that. The first of several questions is answered.
     *
     * @throws Refused if nobody has to approve anything of this run
     */
    public void approve(RunId run, boolean approved, String actor, String comment) {
        run(run);
        var waiting = questions(run);
        if (waiting.isEmpty()) throw Refused.nothingToApprove(run);
        var said = Approvals.answer(approved, actor, comment);
        resolve(waiting.getFirst(), EffectStatus.APPLIED, said, actor, comment);
    }

    /**
     * Says what became of an outside change of which nobody knew; the run goes on with that.
     *
     * @param value what came back, if it happened and if you know
     * @throws Refused if the run has no such change
     */
    public void resolve(RunId run, Answer answer, @Nullable Json value, String actor, String comment) {
        resolve(run, null, answer, value, actor, comment);
    }

    /**
     * The same for one of several.
     *
     * @param which its task, its name or its idempotency key; null if there is only one
     * @throws Refused if the run has no such change, or several of them are meant
     */
    public void resolve(
            RunId run, @Nullable String which, Answer answer, @Nullable Json value, String actor, String comment) {
        var of = run(run);
        var all = indeterminate(run);
        var waiting =
                all.stream().filter(one -> which == null || isMeant(one, which)).toList();
        if (all.isEmpty()) throw Refused.nothingToResolve(run);
        if (waiting.isEmpty()) {
            throw Refused.notAmong(
                    run, which, all.stream().map(one -> one.task().label()).toList());
        }
        if (waiting.size() > 1) {
            throw Refused.several(
                    run, waiting.stream().map(one -> one.task().label()).toList());
        }
        var first = waiting.getFirst();
        answer.require(run, first.effect());
        var result = value == null ? Json.NULL : value;
        var program = catalog.at(of.run().definition());
        if (answer == Answer.HAPPENED && program != null) program.requireResult(first.task(), result);
        var kept = answer == Answer.HAPPENED ? payloads.keep(run, "What came back", result) : null;
        resolve(first, answer.status(), kept, actor, comment);
    }

    private static boolean isMeant(Tx.NewEffect change, String which) {
        return change.task().label().equals(which)
                || change.effect().name().equals(which)
                || which.equals(JsonMember.text(change.effect().request(), "key"));
    }

    private void resolve(
            Tx.NewEffect undecided, EffectStatus to, @Nullable Payload value, String actor, String comment) {
        var done = new CompletableFuture<RunStatus>();
        var task = undecided.task();
        engine.commit(new Entry.Resolution(task.run(), task, undecided.effect(), to, value, actor, comment, done));
        join(done);
    }

    private void command(RunId run, Entry.Verb verb, String actor, String comment) {
        var done = new CompletableFuture<RunStatus>();
        engine.commit(new Entry.Command(run, verb, actor, comment, done));
        join(done);
    }

    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException wrapped) {
            if (wrapped.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(new Exception("asked for here"));
                throw cause;
            }
            throw wrapped;
        }
    }

    // ---- asking ---------------------------------------------------------------------------------------------------

    /** A run, if there is one. */
    public Optional<RunDetails> find(RunId run) {
        return store.run(run);
    }

    /**
     * A run.
     *
     * @throws Refused if there is none
     */
    public RunDetails run(RunId run) {
        return store.run(run).orElseThrow(() -> Refused.noSuchRun(run));
    }

    /** Newest first. */
    public List<RunDetails> list(Store.RunFilter filter) {
        return store.runs(filter);
    }

    @Override
    public Optional<RunDetails> inSlot(String slot) {
        return store.inSlots(slot, slot, 1).stream().findFirst();
    }

    @Override
    public List<RunDetails> inSlots(String prefix, @Nullable String after, int limit) {
        String from = after == null ? prefix : after + '\u0001'; // no text of PostgreSQL holds a zero
        return store.inSlots(from, prefix + Character.MAX_VALUE, limit);
    }

    @Override
    public List<Message> messages(RunId run, @Nullable String name, int limit) {
        return store.messages(run, name, limit);
    }

    @Override
    public List<Message> messages(Store.MessageFilter filter) {
        return store.messages(filter);
    }

    @Override
    public Map<String, Map<MessageStatus, Integer>> messageCounts(RunId run) {
        return store.messageCounts(run);
    }

    @Override
    public List<InputDetails> inputs(RunId run, int afterNumber, int limit) {
        return store.inputs(run, afterNumber, limit);
    }

    @Override
    public List<InputDetails> inputsOf(RunId run, int message) {
        return store.inputsOf(run, message);
    }

    @Override
    public List<Message> messagesOf(RunId run, int input) {
        return store.messagesOf(run, input);
    }

    @Override
    public Payload keep(RunId run, String what, Json value) {
        return payloads.keep(run, what, value);
    }

    @Override
    public long now() {
        return engine.now();
    }

    /** Tasks in the order of name and index. */
    public List<TaskDetails> tasks(RunId run, int limit) {
        return store.tasks(run, null, 0, limit);
    }

    /** Events after a number, in order. */
    public List<Event> events(RunId run, int afterSeq, int limit) {
        return store.events(run, afterSeq, limit);
    }

    /**
     * What somebody who follows a run has missed: the events after the last that they know, or, if some of those are trimmed
     * away already, the run as it stands and the events since.
     *
     * @param afterSeq the number of the last event that they know; 0 for none
     * @param limit so many events at most; the rest with the next call. And so many open tasks
     * @throws Refused if there is no such run
     */
    public CaughtUp catchUp(RunId run, int afterSeq, int limit) {
        return new Following(store).catchUp(run, afterSeq, limit);
    }

    /** The value behind a stored payload. */
    @Override
    public Json load(Payload payload) {
        return payloads.load(payload);
    }

    /** The output of a succeeded run; null if it has none (yet, or any more). */
    public @Nullable Json output(RunDetails run) {
        return new RunResults(store, payloads).of(run);
    }

    /** Who submitted a run; empty if nobody said. */
    public String actor(RunId run) {
        return RunHistory.actor(store, run);
    }

    /** Why a run is not moving, or what it is doing, in a sentence or two. */
    public String explain(RunId run) {
        return new Explain(store, catalog, now()).of(run(run));
    }

    /**
     * What needs somebody, over all runs: at most so many runs, those that were created first.
     *
     * @param after only runs created after this one, for paging; null for the first
     */
    public Inbox inbox(int limit, @Nullable RunId after) {
        return new NeedsYou(store).page(limit, after);
    }

    /** What a run needs from somebody; nothing if it goes on, or a person holds it. */
    public List<Need> needs(RunId run) {
        return new NeedsYou(store).of(run(run));
    }

    /** How everything is doing: the runs of the last day, what is open, the workers. */
    public Health health() {
        return health(Health.WINDOW);
    }

    /** The same with runs of another time. */
    public Health health(Duration window) {
        long now = engine.now();
        var skew = Duration.ofMillis(WallClock.SYSTEM.now() - now);
        return Health.of(store.health(now, window), skew);
    }

    /** How a run can be gone on with, and what that would do again. */
    public Recovery recovery(RunId run) {
        return Recovery.of(store, payloads, run(run));
    }

    /**
     * All that is recorded of a run, for {@link TimeTravel}.
     *
     * @throws Refused if there is no such run, or it was pruned
     */
    public History history(RunId run) {
        return new RunHistory(store, payloads, earlier(run));
    }

    /** The newest revisions of a task's journal, in order; places such as its checkpoint first. */
    public List<Effect> journal(TaskKey task) {
        return RunHistory.journal(store, task);
    }

    @Override
    public Program program(String name) {
        return catalog.fitting(name);
    }

    /** The programs at hand. */
    public Collection<Program> programs() {
        return catalog.programs();
    }

    /** Why programs at hand were kept out: their shape differs from the stored one of the same version. */
    public Collection<String> misfits() {
        return catalog.misfits();
    }

    /** The store below, for what this class has no verb for. */
    public Store store() {
        return store;
    }

    /** Deletes finished runs that ended longer ago than this; returns how many. */
    public int prune(Duration olderThan) {
        return engine.prune(olderThan);
    }

    /** A handle on a run that was submitted earlier. */
    public Handle<Json> handle(RunId run) {
        return new Handle<>(this, run, end(run(run)), output -> output);
    }

    /** The end of a run that was submitted earlier: whoever asks for one that has ended must not wait. */
    private CompletableFuture<Writer.Ended> end(RunDetails run) {
        if (!run.status().terminal()) return watches.watch(run.id());
        return CompletableFuture.completedFuture(new Writer.Ended(run.status(), null, null));
    }

    Json await(RunId run, CompletableFuture<Writer.Ended> end, Duration timeout)
            throws InterruptedException, TimeoutException {
        try {
            var ended = end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (ended.output() instanceof Plan.Output.Value(Payload payload)) return payloads.load(payload);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (TimeoutException late) {
            throw new TimeoutException("Run " + run + " has not ended after " + timeout
                    + ". It goes on; ask why with: pawl explain " + run);
        }
        var details = run(run);
        if (details.status() != RunStatus.SUCCEEDED) throw new RunFailed(run, details.status(), details.problem());
        var output = output(details);
        if (output == null) throw Refused.pruned(run);
        return output;
    }

    /**
     * Hands running tasks back unspent, after the grace time, and closes the database. Who closes it a second time, such as
     * a shutdown hook, waits until it is closed.
     */
    @Override
    public void close() {
        closing.lock();
        try {
            if (!closed) closeAll();
            closed = true;
        } finally {
            closing.unlock();
        }
    }

    private void closeAll() {
        engine.close();
        store.close();
        if (folder != null) folder.delete();
    }
}
