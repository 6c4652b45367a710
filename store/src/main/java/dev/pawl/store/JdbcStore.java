package dev.pawl.store;

import dev.pawl.core.Definition;
import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.HealthFacts;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.core.WorkerInfo;
import dev.pawl.spi.EventLines;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How transactions are run, and the reads. */
final class JdbcStore implements Store {

    private static final int ATTEMPTS = 6;
    private static final long NO_MORE_ATTEMPTS_AFTER = TimeUnit.SECONDS.toNanos(10);
    private static final RunId LAST = new RunId(-1, -1);

    private final Dialect dialect;
    private final Pool writers;
    private final Pool readers;
    private final Doorbell doorbell;
    private final UserTransactions users;
    private final Turns turns = new Turns();

    JdbcStore(Dialect dialect) {
        this.dialect = dialect;
        var statements = new Statements(dialect);
        this.writers = new Pool(dialect.writers(), dialect, statements);
        this.readers = new Pool(dialect.readers(), dialect, statements);
        this.doorbell = dialect.doorbell(readers);
        var own = dialect.users();
        this.users = new UserTransactions(
                dialect, statements, turns, own == null ? writers : new Pool(own, dialect, statements));
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        long begin = System.nanoTime();
        var hope = new Hope(dialect.hopes());
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction(work, hope);
            } catch (SQLException e) {
                if (hope.used() && dialect.taken(e)) {
                    hope = Hope.none();
                    continue;
                }
                boolean again =
                        dialect.passing(e) && attempt < ATTEMPTS && System.nanoTime() - begin < NO_MORE_ATTEMPTS_AFTER;
                if (!again) throw dialect.explain(e);
                Pause.before(attempt);
            }
        }
    }

    /** One attempt. An exception that leaves here was rolled back, unless it says that nobody knows. */
    private <T> T transaction(Function<Tx, T> work, Hope hope) throws SQLException {
        try (Pool.Borrowed borrowed = writers.borrow()) {
            T result;
            dialect.begin(borrowed.session());
            try {
                result = work.apply(new JdbcTx(borrowed.session(), turns, hope));
            } catch (Session.Failed e) {
                rollback(borrowed, e);
                throw e.reason();
            } catch (RuntimeException | Error e) {
                rollback(borrowed, e);
                throw e;
            }
            commit(borrowed);
            return result;
        }
    }

    private void commit(Pool.Borrowed borrowed) throws SQLException {
        try {
            dialect.commit(borrowed.session());
        } catch (SQLException e) {
            if (dialect.undecided(e)) {
                borrowed.discard();
                throw new StoreException.OutcomeUnknown(
                        dialect.describe() + ": the reply to a commit was lost: " + e.getMessage(), e);
            }
            rollback(borrowed, e);
            throw e;
        }
    }

    private void rollback(Pool.Borrowed borrowed, Throwable cause) {
        try {
            dialect.rollback(borrowed.session());
        } catch (SQLException e) {
            borrowed.discard();
            cause.addSuppressed(e);
        }
    }

    private <T> T read(Function<Session, T> query) {
        try (Pool.Borrowed borrowed = readers.borrow()) {
            try {
                return query.apply(borrowed.session());
            } catch (Session.Failed e) {
                if (dialect.undecided(e.reason())) borrowed.discard();
                throw e.reason();
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    @Override
    public int lanes() {
        return dialect.lanes();
    }

    @Override
    public long databaseTime() {
        return read(session ->
                session.call("worker.time").first(row -> row.getLong(1)).orElseThrow());
    }

    @Override
    public String describe() {
        return dialect.describe();
    }

    @Override
    public Path defaultArtifacts() {
        return dialect.artifacts();
    }

    @Override
    public AutoCloseable listen(Runnable bell) {
        return doorbell.listen(bell);
    }

    @Override
    public void ring() {
        doorbell.ring();
    }

    @Override
    public Optional<RunDetails> run(RunId id) {
        return read(session -> session.call("run.get").set("id", id).first(Rows::details));
    }

    @Override
    public Optional<RunId> runByKey(String program, String key) {
        return read(session -> session.call("run.by_key")
                .set("program", program)
                .set("key", key)
                .first(Rows::id));
    }

    @Override
    public List<RunDetails> runs(RunFilter filter) {
        return read(session -> session.call("run.list")
                .set("before", filter.before() == null ? LAST : filter.before())
                .set("status", filter.status() == null ? "" : filter.status().name())
                .set("program", filter.program() == null ? "" : filter.program())
                .set("label", filter.label() == null ? "" : Rows.holding(filter.label()))
                .set("limit", filter.limit())
                .list(Rows::details));
    }

    @Override
    public Map<RunId, RunStatus> ended(Collection<RunId> runs) {
        var ended = new HashMap<RunId, RunStatus>();
        read(session -> session.batch("run.ended", List.copyOf(runs))
                .ids("id", id -> id)
                .list(row -> ended.put(Rows.id(row), RunStatus.valueOf(row.getString("status")))));
        return ended;
    }

    @Override
    public Set<RunId> open(Collection<RunId> runs) {
        return Set.copyOf(read(session ->
                session.batch("run.open", List.copyOf(runs)).ids("id", id -> id).list(Rows::id)));
    }

    @Override
    public List<RunDetails> inSlots(String from, String to, int limit) {
        return read(session -> session.call("run.in_slots")
                .set("from", from)
                .set("to", to)
                .set("limit", limit)
                .list(Rows::details));
    }

    @Override
    public List<TaskDetails> tasks(RunId run, @Nullable String name, int fromIndex, int limit) {
        return read(session -> {
            var call = name == null
                    ? session.call("task.list")
                    : session.call("task.list_step").set("name", name);
            return call.set("run_id", run)
                    .set("from", fromIndex)
                    .set("limit", limit)
                    .list(Rows::taskDetails);
        });
    }

    @Override
    public List<TaskDetails> openTasks(RunId run, int limit) {
        return read(session -> session.call("task.list_open")
                .set("run_id", run)
                .set("limit", limit)
                .list(Rows::taskDetails));
    }

    @Override
    public Map<String, Map<TaskStatus, Integer>> taskCounts(RunId run) {
        var counts = new TreeMap<String, Map<TaskStatus, Integer>>();
        read(session -> session.call("task.counts").set("run_id", run).list(row -> count(row, counts)));
        return counts;
    }

    private static boolean count(ResultSet row, Map<String, Map<TaskStatus, Integer>> counts) throws SQLException {
        counts.computeIfAbsent(row.getString("name"), name -> new EnumMap<>(TaskStatus.class))
                .put(TaskStatus.valueOf(row.getString("status")), row.getInt("tasks"));
        return true;
    }

    @Override
    public List<Event> events(RunId run, int afterSeq, int limit) {
        var events = new ArrayList<Event>();
        // Each row holds at least one event, and the first perhaps only old ones.
        read(session -> session.call("event.after")
                .set("run_id", run)
                .set("first", afterSeq + 1)
                .set("limit", Math.min(limit, Integer.MAX_VALUE - 1) + 1)
                .list(row ->
                        events.addAll(EventLines.parse(row.getInt("seq"), row.getLong("at"), row.getString("body")))));
        return events.stream()
                .filter(event -> event.seq() > afterSeq)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Effect> effects(TaskKey task, int fromOrdinal, int limit) {
        return read(session -> effects(session, task, fromOrdinal, limit));
    }

    static List<Effect> effects(Session session, TaskKey task, int fromOrdinal, int limit) {
        return session.call("effect.list")
                .set("run_id", task.run())
                .set("name", task.name())
                .set("idx", task.index())
                .set("from", fromOrdinal)
                .set("limit", limit)
                .list(Rows::effect);
    }

    @Override
    public Optional<Effect> newestEffect(TaskKey task) {
        return read(session -> session.call("effect.newest")
                .set("run_id", task.run())
                .set("name", task.name())
                .set("idx", task.index())
                .first(Rows::effect));
    }

    @Override
    public boolean recordedSince(TaskKey task, int attempt) {
        return read(session -> session.call("effect.since")
                .set("run_id", task.run())
                .set("name", task.name())
                .set("idx", task.index())
                .set("attempt", attempt)
                .first(row -> true)
                .isPresent());
    }

    @Override
    public List<Tx.NewEffect> undecided(RunId run) {
        return read(session -> session.call("effect.undecided")
                .set("run_id", run)
                .list(row -> new Tx.NewEffect(Rows.key(row), Rows.effect(row))));
    }

    @Override
    public List<Message> messages(RunId run, @Nullable String name, int limit) {
        return read(session -> new Topics(session).pending(run, name, limit));
    }

    @Override
    public List<Message> messages(MessageFilter filter) {
        return read(session -> new Topics(session).list(filter));
    }

    @Override
    public List<Message> messages(RunId run, String topic, Collection<String> ids) {
        return read(session -> new Topics(session).withIds(run, topic, ids));
    }

    @Override
    public Map<String, Map<MessageStatus, Integer>> messageCounts(RunId run) {
        return read(session -> new Topics(session).counts(run));
    }

    @Override
    public List<InputDetails> inputs(RunId run, int afterNumber, int limit) {
        return read(session -> new Inputs(session).list(run, afterNumber, limit));
    }

    @Override
    public List<InputDetails> inputsOf(RunId run, int message) {
        return read(session -> new Inputs(session).of(run, message));
    }

    @Override
    public List<Message> messagesOf(RunId run, int input) {
        return read(session -> new Inputs(session).caused(run, input));
    }

    @Override
    public List<RunDetails> children(RunId parent, int limit) {
        return read(session -> session.call("run.children")
                .set("parent", parent)
                .set("limit", limit)
                .list(Rows::details));
    }

    @Override
    public List<RunDetails> successors(RunId run) {
        return read(
                session -> session.call("run.successors").set("earlier", run).list(Rows::details));
    }

    @Override
    public <E extends Exception> void transact(Tx.Lease lease, TransactedWork<E> work) throws E {
        users.run(lease, work);
    }

    @Override
    public <T> T within(Connection theirs, Function<Tx, T> work) {
        return users.within(theirs, work);
    }

    @Override
    public List<Definition> definitions() {
        return read(session -> session.call("definition.list").list(Rows::definition));
    }

    @Override
    public List<WorkerInfo> workers() {
        return read(session -> session.call("worker.list").list(Rows::worker));
    }

    @Override
    public List<QueueLimit> queueLimits() {
        return read(session -> session.call("queue.list").list(Rows::limit));
    }

    @Override
    public Occupancy occupancy(String queue, @Nullable String key) {
        return read(session -> session.call("task.occupancy")
                .set("queue", queue)
                .set("any_key", key == null ? 1 : 0)
                .set("key", key == null ? "" : key)
                .first(row -> new Occupancy(row.getInt("running"), row.getInt("waiting")))
                .orElseThrow());
    }

    @Override
    public HealthFacts health(long now, Duration window) {
        return read(session -> new Checkup(session, now, window).facts());
    }

    @Override
    public void close() {
        doorbell.close();
        users.close();
        writers.close();
        readers.close();
    }
}
