package dev.pawl.store;

import dev.pawl.core.Definition;
import dev.pawl.core.FailureClass;
import dev.pawl.core.HealthFacts;
import dev.pawl.core.HealthFacts.DueQueue;
import dev.pawl.core.HealthFacts.Retries;
import dev.pawl.core.HealthFacts.Runs;
import dev.pawl.core.HealthFacts.Stuck;
import dev.pawl.core.HealthFacts.StuckRun;
import dev.pawl.core.HealthFacts.Table;
import dev.pawl.core.HealthFacts.Worker;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One look at how everything is doing: a few statements, each of them bounded. */
final class Checkup {

    /** How many of the newest runs and tasks are looked at: some ten milliseconds for each. */
    private static final int NEWEST = 50_000;

    /** How many leases of one source are counted. */
    private static final int LEASES = 5_000;

    /** How many runs are looked at more closely, whether they are stuck. */
    private static final int SUSPECTS = 500;

    private static final int OLDEST_OPEN = 200;

    /** How long nothing may happen in a run that waits for nothing. */
    private static final Duration QUIET = Duration.ofMinutes(5);

    /** For how long a worker is mentioned that fell silent without a goodbye. */
    private static final Duration MISSED = Duration.ofDays(1);

    private static final Pattern FAILURE = Pattern.compile("\\{\"class\":\"(\\w+)\".*", Pattern.DOTALL);

    private final Session session;
    private final long now;
    private final Duration window;
    private final long quietUntil;
    private final Map<Integer, Definition> definitions = new HashMap<>();

    Checkup(Session session, long now, Duration window) {
        this.session = session;
        this.now = now;
        this.window = window;
        this.quietUntil = now - QUIET.toMillis();
    }

    HealthFacts facts() {
        session.call("definition.list").list(Rows::definition).forEach(known -> definitions.put(known.id(), known));
        var due = new DueTasks(session, now, List.copyOf(definitions.keySet()));
        return new HealthFacts(
                now,
                window,
                runs(),
                retries(),
                stuck(due),
                queues(due),
                workers(due),
                session.call("health.tables")
                        .list(row -> new Table(row.getString("name"), row.getLong("live"), row.getLong("dead"))));
    }

    /** The least id that a run of the window can have. */
    private RunId since() {
        return RunId.firstAt(Math.max(0, now - window.toMillis()));
    }

    // ---- runs -----------------------------------------------------------------------------------------------------

    private record Group(RunStatus status, boolean recent, String reason, String failure, int runs, long took) {
        static Group of(ResultSet row) throws SQLException {
            String reason = row.getString("reason");
            String failure = row.getString("failure");
            return new Group(
                    RunStatus.valueOf(row.getString("status")),
                    row.getInt("recent") == 1,
                    reason == null ? "" : reason,
                    failure == null ? "" : failure,
                    row.getInt("runs"),
                    row.getLong("took"));
        }
    }

    private Runs runs() {
        var byStatus = new EnumMap<RunStatus, Integer>(RunStatus.class);
        var blocked = new EnumMap<Reason, Integer>(Reason.class);
        var failures = new EnumMap<FailureClass, Integer>(FailureClass.class);
        int walked = 0;
        long took = 0;
        for (Group group : session.call("health.runs")
                .set("since", since())
                .set("limit", NEWEST)
                .list(Group::of)) {
            walked += group.runs;
            if (!group.recent && group.status.terminal()) continue;
            byStatus.merge(group.status, group.runs, Integer::sum);
            took += group.took;
            if (!group.reason.isEmpty()) blocked.merge(Reason.valueOf(group.reason), group.runs, Integer::sum);
            var failure = FAILURE.matcher(group.failure);
            if (failure.matches()) failures.merge(FailureClass.valueOf(failure.group(1)), group.runs, Integer::sum);
        }
        var succeeded = byStatus.get(RunStatus.SUCCEEDED);
        return new Runs(
                walked, walked < NEWEST, byStatus, blocked, failures, succeeded == null ? null : took / succeeded);
    }

    private Retries retries() {
        return session.call("health.retries")
                .set("since", since())
                .set("limit", NEWEST)
                .first(row -> new Retries(
                        row.getInt("tasks"),
                        row.getInt("tasks") < NEWEST,
                        row.getInt("retried"),
                        row.getInt("retries"),
                        row.getInt("recovered"),
                        row.getInt("exhausted")))
                .orElseThrow();
    }

    // ---- what should move -----------------------------------------------------------------------------------------

    /** Suspect is a run with a task that has been due for long, or that has been open for longer than all others. */
    private Stuck stuck(DueTasks due) {
        var oldest = new HashMap<RunId, Task>();
        var suspects = new LinkedHashSet<RunId>();
        boolean all = !due.cutBefore(quietUntil);
        int share = SUSPECTS / Math.max(1, due.byPlace().size()) + 1;
        for (List<Task> tasks : due.byPlace().values()) {
            var ofPlace = new LinkedHashSet<RunId>();
            for (Task task : tasks) {
                if (task.wakeAt() > quietUntil) continue;
                oldest.putIfAbsent(task.key().run(), task);
                ofPlace.add(task.key().run());
            }
            all &= ofPlace.size() <= share;
            ofPlace.stream().limit(share).forEach(suspects::add);
        }
        suspects.addAll(session.call("health.open_runs")
                .set("limit", NEWEST)
                .set("cap", OLDEST_OPEN)
                .list(Rows::id));
        var stuck = session.batch("health.stuck", List.copyOf(suspects))
                .ids("id", id -> id)
                .all("quiet_until", quietUntil)
                .all("deadline", TaskKey.DEADLINE)
                .list(row -> new StuckRun(
                        Rows.id(row),
                        row.getString("program"),
                        RunStatus.valueOf(row.getString("status")),
                        row.getLong("quiet_since"),
                        oldest.get(Rows.id(row))));
        stuck.sort(Comparator.comparingLong(StuckRun::quietSince));
        return new Stuck(stuck, all);
    }

    private List<DueQueue> queues(DueTasks due) {
        var queues = new ArrayList<DueQueue>();
        due.byPlace().forEach((place, tasks) -> {
            var definition = definitions.get(place.definition());
            queues.add(new DueQueue(
                    place.queue(),
                    definition == null ? "" : definition.program(),
                    definition == null ? "" : definition.version(),
                    tasks.size(),
                    !due.cut(place),
                    tasks.getFirst()));
        });
        return queues;
    }

    // ---- workers --------------------------------------------------------------------------------------------------

    private List<Worker> workers(DueTasks due) {
        var leases = leases(due);
        var expired = new HashMap<Integer, Integer>();
        for (Task task : due.all()) {
            Integer worker = task.worker();
            if (task.status() == TaskStatus.RUNNING && worker != null) expired.merge(worker, 1, Integer::sum);
        }
        return session.call("worker.list").list(Rows::worker).stream()
                .map(worker ->
                        new Worker(worker, leases.getOrDefault(worker.id(), 0), expired.getOrDefault(worker.id(), 0)))
                .filter(worker -> worker.leases() + worker.expired() > 0
                        || (!worker.info().stopped() && now - worker.info().seenAt() < MISSED.toMillis()))
                .toList();
    }

    private Map<Integer, Integer> leases(DueTasks due) {
        var leases = new HashMap<Integer, Integer>();
        session.batch("health.leases", due.sources())
                .texts("queue", Claims.Source::queue)
                .ints("definition", Claims.Source::definition)
                .smalls("priority", Claims.Source::priority)
                .all("now", now)
                .all("cap", LEASES)
                .list(row -> leases.merge(row.getInt("worker"), row.getInt("leases"), Integer::sum));
        for (String queue : due.limitedQueues()) {
            session.call("health.limited_leases")
                    .set("queue", queue)
                    .set("now", now)
                    .set("cap", LEASES)
                    .list(row -> leases.merge(row.getInt("worker"), row.getInt("leases"), Integer::sum));
        }
        return leases;
    }
}
