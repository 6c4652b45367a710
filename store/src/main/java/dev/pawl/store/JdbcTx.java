package dev.pawl.store;

import dev.pawl.core.Definition;
import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One transaction: every statement is for a whole batch. */
final class JdbcTx implements Tx {

    /** Tasks are locked in this order by everybody, also by those who extend leases and so hold no run. */
    static final Comparator<TaskKey> LOCK_ORDER =
            Comparator.comparing(TaskKey::run).thenComparing(TaskKey::name).thenComparingInt(TaskKey::index);

    /** Whoever inserts a taken key waits for its owner, so keys are taken in one order. */
    private static final Comparator<NewRun> KEY_ORDER =
            Comparator.comparing(run -> run.key() == null ? "" : run.program() + '\n' + run.key());

    private final Session session;
    private final Turns turns;
    private final Hope hope;

    JdbcTx(Session session, Turns turns) {
        this(session, turns, Hope.none());
    }

    JdbcTx(Session session, Turns turns, Hope hope) {
        this.session = session;
        this.turns = turns;
        this.hope = hope;
    }

    /** @param ours whether nobody else should have inserted any of them */
    private <T> Batch<T> insert(String statement, boolean ours, List<T> rows) {
        return ours && hope.use() ? session.batchOrFail(statement, rows) : session.batch(statement, rows);
    }

    @Override
    public Map<RunId, Run> lock(Collection<RunId> ids) {
        var runs = new HashMap<RunId, Run>();
        session.batch("run.lock", List.copyOf(new TreeSet<>(ids)))
                .ids("id", id -> id)
                .list(Rows::run)
                .forEach(run -> runs.put(run.id(), run));
        return runs;
    }

    @Override
    public Set<RunId> insertRuns(List<NewRun> runs) {
        return new HashSet<>(rowsOf(session.batch("run.insert", sorted(runs, Function.identity(), KEY_ORDER)))
                .list(Rows::id));
    }

    @Override
    public void create(List<NewRun> runs) {
        boolean ours = runs.stream().allMatch(run -> run.key() == null && run.slot() == null);
        rowsOf(insert("run.insert", ours, sorted(runs, Function.identity(), KEY_ORDER)))
                .run();
    }

    private static Batch<NewRun> rowsOf(Batch<NewRun> batch) {
        return batch.ids("id", run -> run.run().id())
                .longs("created_at", NewRun::createdAt)
                .longs("started_at", run -> run.run().startedAt())
                .longs("ended_at", NewRun::endedAt)
                .longs("deadline_at", run -> run.run().deadlineAt())
                .ints("definition", run -> run.run().definition())
                .ints("seq", run -> run.run().seq())
                .smalls("priority", run -> Rows.level(run.run().placement().priority()))
                .texts("status", run -> run.run().status().name())
                .texts("reason", run -> name(run.run().reason()))
                .texts("queue", run -> run.run().placement().queue())
                .texts("limit_key", run -> run.run().placement().key())
                .texts("program", NewRun::program)
                .texts("once_key", NewRun::key)
                .ids("retry_of", NewRun::retryOf)
                .texts("link", run -> run.link() == null ? null : run.link().name())
                .texts("slot", NewRun::slot)
                .ids("parent_id", run -> run.run().family().parent())
                .ints("parent_number", run -> run.run().family().number())
                .flags("detached", NewRun::detached)
                .texts(
                        "labels",
                        run -> run.labels() == null ? null : run.labels().text())
                .ints("children", run -> run.run().family().children())
                .ints("mail", run -> run.run().family().mail())
                .texts("undo", run -> run.run().undo())
                .smalls("format", run -> Rows.FORMAT)
                .texts("state", run -> run.run().state().text())
                .texts("input", run -> run.input().stored())
                .texts("output", run -> Rows.value(run.output()))
                .texts("collected", run -> Rows.collected(run.output()))
                .texts("problem", run -> Rows.text(run.problem()));
    }

    @Override
    public Optional<RunId> runByKey(String program, String key) {
        return session.call("run.by_key")
                .set("program", program)
                .set("key", key)
                .first(Rows::id);
    }

    @Override
    public Optional<RunId> runBySlot(String slot) {
        return session.call("run.by_slot").set("slot", slot).first(Rows::id);
    }

    @Override
    public void insertTasks(List<Task> tasks, long at) {
        boolean ours = tasks.stream().noneMatch(task -> task.key().kernels());
        insert("task.insert", ours, sorted(tasks, Task::key, LOCK_ORDER))
                .ids("run_id", task -> task.key().run())
                .texts("name", task -> task.key().name())
                .ints("idx", task -> task.key().index())
                .texts("status", task -> task.status().name())
                .ints("definition", Task::definition)
                .texts("queue", task -> task.placement().queue())
                .smalls("priority", task -> Rows.level(task.placement().priority()))
                .texts("limit_key", task -> task.placement().key())
                .flags("held", Task::held)
                .ints("attempt", Task::attempt)
                .ints("returned", Task::returned)
                .longs("wake_at", Task::wakeAt)
                .ints("worker", Task::worker)
                .texts("listens", Task::listens)
                .all("at", at)
                .update();
    }

    @Override
    public void limitedQueues(Consumer<String> each) {
        try {
            session.tell("queue.names", each);
        } catch (SQLException e) {
            throw new Session.Failed("queue.names", e);
        }
    }

    @Override
    public BitSet copyTasks(RunId from, RunId to, String name, int definition) {
        var copied = new BitSet();
        session.call("task.copy")
                .set("from", from)
                .set("to", to)
                .set("name", name)
                .set("definition", definition)
                .list(row -> row.getInt("idx"))
                .forEach(copied::set);
        return copied;
    }

    @Override
    public boolean[] end(List<TaskEnd> ends) {
        return inLockOrder(
                ends,
                end -> end.lease().key(),
                sorted -> session.batch("task.end", sorted)
                        .ids("run_id", end -> end.lease().key().run())
                        .texts("name", end -> end.lease().key().name())
                        .ints("idx", end -> end.lease().key().index())
                        .ints("attempt", end -> end.lease().attempt())
                        .texts("status", end -> end.to().name())
                        .longs("wake_at", TaskEnd::wakeAt)
                        .flags("held", TaskEnd::held)
                        .ints("returned", end -> end.how() == How.RETURNED ? 1 : 0)
                        .ints("stalled", end -> end.how() == How.STALLED ? 1 : 0)
                        .flags("parked", TaskEnd::parked)
                        .texts("output", end -> Rows.text(end.output()))
                        .texts("problem", end -> Rows.text(end.problem()))
                        .longs("at", TaskEnd::at)
                        .applied());
    }

    @Override
    public void update(List<RunUpdate> runs) {
        session.batch("run.update", sorted(runs, run -> run.run().id(), Comparator.naturalOrder()))
                .ids("id", run -> run.run().id())
                .texts("status", run -> run.run().status().name())
                .texts("reason", run -> name(run.run().reason()))
                .texts("state", run -> run.run().state().text())
                .ints("seq", run -> run.run().seq())
                .longs("started_at", run -> run.run().startedAt())
                .texts("output", run -> Rows.value(run.output()))
                .texts("collected", run -> Rows.collected(run.output()))
                .texts("problem", run -> Rows.text(run.problem()))
                .texts("detail", RunUpdate::detail)
                .longs("ended_at", RunUpdate::endedAt)
                .ints("children", run -> run.run().family().children())
                .ints("mail", run -> run.run().family().mail())
                .texts("undo", run -> run.run().undo())
                .update();
    }

    @Override
    public void append(List<NewEvents> events) {
        session.batch("event.append", events)
                .ids("run_id", NewEvents::run)
                .longs("at", NewEvents::at)
                .ints("seq", NewEvents::firstSeq)
                .texts("body", NewEvents::body)
                .update();
    }

    @Override
    public List<TaskKey> cancelOpen(RunId run, @Nullable String name, long at) {
        var call = name == null
                ? session.call("task.cancel_run")
                : session.call("task.cancel_step").set("name", name);
        return call.set("run_id", run)
                .set("at", at)
                .list(row -> new TaskKey(run, row.getString("name"), row.getInt("idx")));
    }

    @Override
    public void hold(RunId run, boolean held, @Nullable String except) {
        if (!held) turns.lookFully(); // what is released was due long ago
        session.call("task.hold")
                .set("run_id", run)
                .set("held", held ? 1 : 0)
                .set("except", except == null ? "" : except)
                .update();
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
        return new Claims(session, request, turns).claim();
    }

    @Override
    public List<Kept> extend(List<Extension> leases, long until) {
        boolean[] extended = inLockOrder(
                leases,
                one -> one.lease().key(),
                sorted -> leases(session.batch("task.extend", sorted), Extension::lease)
                        .longs("alive_at", Extension::aliveAt)
                        .all("until", until)
                        .applied());
        var held = new HashSet<>(
                leases(session.batch("task.held", leases), Extension::lease).list(Rows::key));
        var kept = new ArrayList<Kept>(extended.length);
        for (int i = 0; i < extended.length; i++) {
            boolean stop = held.contains(leases.get(i).lease().key());
            kept.add(!extended[i] ? Kept.LOST : stop ? Kept.HELD : Kept.KEPT);
        }
        return kept;
    }

    @Override
    public boolean[] holds(List<Lease> leases) {
        var running = new HashSet<>(
                leases(session.batch("task.running", leases), lease -> lease).list(Rows::key));
        var holds = new boolean[leases.size()];
        for (int i = 0; i < holds.length; i++)
            holds[i] = running.contains(leases.get(i).key());
        return holds;
    }

    /** Whether a lease holds; if it does, nobody can claim its task before this transaction ends. */
    boolean lockLease(Lease lease) {
        return task("task.lock_lease", lease.key())
                .set("attempt", lease.attempt())
                .first(row -> true)
                .isPresent();
    }

    private static <T> Batch<T> leases(Batch<T> batch, Function<T, Lease> lease) {
        return batch.ids("run_id", one -> lease.apply(one).key().run())
                .texts("name", one -> lease.apply(one).key().name())
                .ints("idx", one -> lease.apply(one).key().index())
                .ints("attempt", one -> lease.apply(one).attempt());
    }

    // ---- journals -------------------------------------------------------------------------------------------------

    @Override
    public void record(List<NewEffect> effects, IntConsumer told) {
        rows(insert("effect.record", true, effects))
                .ints("revision", one -> one.effect().revision())
                .update(told);
    }

    @Override
    public void append(List<NewEffect> effects, IntConsumer told) {
        rows(insert("effect.append", true, effects))
                .ints("revision", one -> one.effect().revision())
                .update(told);
    }

    @Override
    public void keep(List<NewEffect> places, IntConsumer told) {
        rows(session.batch("effect.keep", sorted(places, NewEffect::task, LOCK_ORDER)))
                .update(told);
    }

    private static Batch<NewEffect> rows(Batch<NewEffect> batch) {
        return batch.ids("run_id", one -> one.task().run())
                .texts("name", one -> one.task().name())
                .ints("idx", one -> one.task().index())
                .ints("ordinal", one -> one.effect().ordinal())
                .ints("attempt", one -> one.effect().attempt())
                .longs("at", one -> one.effect().at())
                .texts("kind", one -> one.effect().kind())
                .texts("status", one -> one.effect().status().name())
                .texts("label", one -> one.effect().name())
                .texts("request", one -> Rows.text(one.effect().request()))
                .texts("value", one -> Rows.text(one.effect().value()))
                .texts("problem", one -> Rows.text(one.effect().problem()));
    }

    @Override
    public boolean[] recorded(List<NewEffect> effects) {
        var recorded = new boolean[effects.size()];
        for (int i = 0; i < recorded.length; i++) {
            var one = effects.get(i);
            recorded[i] = task("effect.recorded", one.task())
                    .set("ordinal", one.effect().ordinal())
                    .set("revision", one.effect().revision())
                    .set("attempt", one.effect().attempt())
                    .first(row -> true)
                    .isPresent();
        }
        return recorded;
    }

    private Session.Call task(String statement, TaskKey key) {
        return session.call(statement)
                .set("run_id", key.run())
                .set("name", key.name())
                .set("idx", key.index());
    }

    @Override
    public void flush() {
        try {
            session.send(null);
        } catch (SQLException e) {
            throw new Session.Failed("what was put off", e);
        }
    }

    @Override
    public List<Effect> effects(TaskKey task, int fromOrdinal, int limit) {
        return JdbcStore.effects(session, task, fromOrdinal, limit);
    }

    @Override
    public void copyEffects(TaskKey from, TaskKey to, int below, boolean own) {
        session.call("effect.copy")
                .set("from", from.run())
                .set("name", from.name())
                .set("idx", from.index())
                .set("to", to.run())
                .set("to_idx", to.index())
                .set("below", below)
                .set("own", own ? 1 : 0)
                .update();
    }

    @Override
    public void forget(TaskKey task) {
        forget(session, List.of(task));
    }

    static void forget(Session session, List<TaskKey> tasks) {
        keys(session.batch("effect.forget", tasks)).update();
        keys(session.batch("task.forget", tasks)).update();
    }

    private static Batch<TaskKey> keys(Batch<TaskKey> batch) {
        return batch.ids("run_id", TaskKey::run).texts("name", TaskKey::name).ints("idx", TaskKey::index);
    }

    @Override
    public void provide(List<Provided> tasks, long at) {
        session.batch("task.provide", tasks)
                .ids("run_id", task -> task.key().run())
                .texts("name", task -> task.key().name())
                .ints("idx", task -> task.key().index())
                .ints("definition", Provided::definition)
                .texts("queue", task -> task.placement().queue())
                .smalls("priority", task -> Rows.level(task.placement().priority()))
                .texts("limit_key", task -> task.placement().key())
                .texts("output", task -> task.output().stored())
                .all("at", at)
                .update();
    }

    // ---- mailboxes and families -----------------------------------------------------------------------------------

    @Override
    public boolean send(Message message) {
        return session.call("message.send")
                        .set("run_id", message.run())
                        .set("at", message.at())
                        .set("seq", message.seq())
                        .set("name", message.name())
                        .set("id", message.id())
                        .set("actor", message.actor())
                        .set("payload", message.payload().stored())
                        .update()
                > 0;
    }

    @Override
    public void consume(List<Message> messages) {
        session.batch("message.consume", messages)
                .ids("run_id", Message::run)
                .ints("seq", Message::seq)
                .update();
    }

    @Override
    public int[] publish(List<Message> messages) {
        return new Topics(session).publish(messages);
    }

    @Override
    public boolean[] reserve(List<Reservation> reservations) {
        return new Topics(session).reserve(reservations);
    }

    @Override
    public void dispose(List<Disposal> messages) {
        new Topics(session).dispose(messages);
    }

    @Override
    public int reserved(RunId run, String by) {
        return new Topics(session).reserved(run, by);
    }

    @Override
    public long[] pendingSince(List<Listening> tasks) {
        return new Topics(session).pendingSince(tasks);
    }

    @Override
    public int[] register(RunId run, List<Input> inputs, long at) {
        return new Inputs(session).register(run, inputs, at);
    }

    @Override
    public void caused(List<Cause> causes) {
        new Inputs(session).caused(causes);
    }

    @Override
    public void inherited(List<Inheritance> messages) {
        new Inputs(session).inherited(messages);
    }

    @Override
    public void wakeListeners(List<Heard> topics, long at) {
        session.batch("task.wake_listeners", topics)
                .ids("run_id", Heard::run)
                .texts("topic", heard -> '\n' + heard.topic() + '\n')
                .all("at", at)
                .update();
    }

    @Override
    public void wake(RunId run, @Nullable String topic, long at) {
        session.call("task.wake")
                .set("run_id", run)
                .set("topic", topic == null ? "" : '\n' + topic + '\n')
                .set("at", at)
                .update();
    }

    @Override
    public void wakeStep(RunId run, String name, long at) {
        session.call("task.wake_step")
                .set("run_id", run)
                .set("name", name)
                .set("at", at)
                .update();
    }

    @Override
    public void migrate(RunId run, int definition) {
        turns.lookFully(); // what another definition has was perhaps due long ago
        session.call("run.migrate").set("id", run).set("definition", definition).update();
        session.call("task.migrate")
                .set("run_id", run)
                .set("definition", definition)
                .update();
    }

    @Override
    public boolean indeterminate(RunId run) {
        return session.call("effect.undecided").set("run_id", run).list(Rows::effect).stream()
                .anyMatch(effect -> effect.status() == EffectStatus.INDETERMINATE);
    }

    @Override
    public void forgive(RunId run) {
        session.call("task.forgive").set("run_id", run).update();
    }

    @Override
    public @Nullable Json problem(RunId run) {
        return session.call("run.problem")
                .set("id", run)
                .first(row -> new Json(row.getString("problem")))
                .orElse(null);
    }

    @Override
    public Map<RunId, Run> peek(Collection<RunId> ids) {
        var runs = new HashMap<RunId, Run>();
        for (RunId id : ids) {
            session.call("run.peek").set("id", id).list(Rows::run).forEach(run -> runs.put(run.id(), run));
        }
        return runs;
    }

    @Override
    public List<Run> openChildren(Collection<RunId> parents) {
        var children = new ArrayList<Run>();
        for (RunId parent : parents) {
            children.addAll(
                    session.call("run.open_children").set("parent", parent).list(Rows::run));
        }
        return children;
    }

    @Override
    public List<Claim> claimedBy(int worker) {
        List<Task> tasks = session.call("task.running_of").set("worker", worker).list(Rows::task);
        Map<RunId, Run> runs = lock(tasks.stream().map(task -> task.key().run()).toList());
        var claims = new ArrayList<Claim>();
        for (Task task : tasks) {
            Run run = runs.get(task.key().run());
            if (run != null) claims.add(new Claim(task, run, null));
        }
        return claims;
    }

    @Override
    public @Nullable String eventsAt(RunId run, int seq) {
        return session.call("event.at")
                .set("run_id", run)
                .set("seq", seq)
                .first(row -> row.getString("body"))
                .orElse(null);
    }

    @Override
    public Definition define(String program, String version, Json shape, long at) {
        session.call("definition.insert")
                .set("program", program)
                .set("version", version)
                .set("shape", shape.text())
                .set("at", at)
                .update();
        return session.call("definition.get")
                .set("program", program)
                .set("version", version)
                .first(Rows::definition)
                .orElseThrow();
    }

    @Override
    public void limit(QueueLimit limit) {
        boolean isNew = set(limit, "queue.insert") > 0;
        if (isNew) {
            session.call("queue.stop_inserts").run();
            session.call("task.limit").set("queue", limit.queue()).update();
        } else {
            set(limit, "queue.update");
        }
    }

    private int set(QueueLimit limit, String statement) {
        return session.call(statement)
                .set("name", limit.queue())
                .set("max_running", limit.maxRunning())
                .set("max_per_key", limit.maxPerKey())
                .update();
    }

    @Override
    public int insertWorker(String host, List<String> queues, List<Integer> definitions, int slots, long at) {
        return session.call("worker.insert")
                .set("host", host)
                .set("queues", Rows.lines(queues))
                .set("definitions", Rows.lines(definitions))
                .set("slots", slots)
                .set("at", at)
                .first(row -> row.getInt("id"))
                .orElseThrow();
    }

    @Override
    public void seen(int worker, long at, boolean stopped) {
        session.call("worker.seen")
                .set("id", worker)
                .set("at", at)
                .set("stopped", stopped ? 1 : 0)
                .update();
    }

    @Override
    public int forgetWorkers(long seenBefore) {
        return session.call("worker.forget").set("before", seenBefore).update();
    }

    @Override
    public int trim(long overBefore, int rows) {
        return new Standing(session, turns, overBefore, rows).trim();
    }

    @Override
    public List<RunId> prune(long endedBefore, int limit) {
        return new Pruning(session, turns).prune(endedBefore, limit);
    }

    private static @Nullable String name(@Nullable Reason reason) {
        return reason == null ? null : reason.name();
    }

    private static <T, K> List<T> sorted(List<T> rows, Function<T, K> key, Comparator<? super K> order) {
        if (rows.size() < 2) return rows;
        return rows.stream().sorted(Comparator.comparing(key, order)).toList();
    }

    /** Executes a batch in lock order and answers in the order of the rows as given. */
    static <T> boolean[] inLockOrder(List<T> rows, Function<T, TaskKey> key, Function<List<T>, boolean[]> batch) {
        if (rows.size() < 2) return batch.apply(rows);
        var order = new ArrayList<Integer>(rows.size());
        for (int i = 0; i < rows.size(); i++) order.add(i);
        order.sort(Comparator.comparing(i -> key.apply(rows.get(i)), LOCK_ORDER));
        boolean[] sorted = batch.apply(order.stream().map(rows::get).toList());
        var answers = new boolean[rows.size()];
        for (int i = 0; i < sorted.length; i++) answers[order.get(i)] = sorted[i];
        return answers;
    }
}
