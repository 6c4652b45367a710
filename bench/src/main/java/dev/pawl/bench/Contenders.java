package dev.pawl.bench;

import dev.pawl.bench.DbSchedulerTasks.Mode;
import dev.pawl.graph.Hashing;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who is compared with whom. The first of a list is set against all others; a peer with two ways stands in it twice. */
final class Contenders {

    /** What {@code Main tune} found best on a machine with four processors. */
    private static final DbosWorkflows.Tuning DBOS_DIRECT = DbosWorkflows.Tuning.direct(20, 256);

    private static final DbosWorkflows.Tuning DBOS_QUEUED =
            DbosWorkflows.Tuning.queued(32, 4_096, 4, Duration.ofMillis(10));

    private static final DbSchedulerTasks.Tuning DB_SCHEDULER = new DbSchedulerTasks.Tuning(64, 4, 20, 128, 32);

    /** As many as the store says that are worth having on PostgreSQL. */
    private static final int LANES = 4;

    private static final Floor.Batching ALONE = new Floor.Batching(1, 1);
    private static final String FLOOR = "floor: the same rows, no engine";
    private static final String SQLITE_FLOOR = FLOOR + ", SQLite";
    private static final String SQLITE_PAWL = "Pawl on SQLite";

    private static final String ONE_CALL = "Pawl, a recorded call in each node";

    private Contenders() {}

    static List<Contender> flows(PostgresForBench postgres, Comparison.Plan plan) throws Exception {
        return List.of(
                PawlRuns.flows("Pawl", postgres.newDatabase("flows_pawl")),
                flowFloor(FLOOR, postgres, LANES, plan),
                new DbosWorkflows(postgres.newDatabase("flows_dbos"), DBOS_DIRECT, Work.STEPS),
                new DbosWorkflows(postgres.newDatabase("flows_dbos_queued"), DBOS_QUEUED, Work.STEPS),
                new DbSchedulerTasks(postgres.newDatabase("flows_db_scheduler"), Mode.SUBMIT_AND_EXECUTE, DB_SCHEDULER),
                new DbSchedulerTasks(postgres.newDatabase("flows_db_scheduler_drain"), Mode.DRAIN, DB_SCHEDULER));
    }

    static List<Contender> latency(PostgresForBench postgres) throws SQLException {
        return List.of(
                PawlRuns.flows("Pawl", postgres.newDatabase("latency_pawl")),
                Floor.flows(FLOOR, postgres.newDatabase("latency_floor"), ALONE),
                new DbosWorkflows(postgres.newDatabase("latency_dbos"), DBOS_DIRECT, Work.STEPS),
                new DbSchedulerTasks(
                        postgres.newDatabase("latency_db_scheduler"), Mode.SUBMIT_AND_EXECUTE, DB_SCHEDULER));
    }

    static List<Contender> sqliteFlows(SqliteForBench sqlite, Comparison.Plan plan) throws Exception {
        return List.of(
                PawlRuns.flows(SQLITE_PAWL, sqlite.newDatabase("flows_pawl")),
                flowFloor(SQLITE_FLOOR, sqlite, 1, plan));
    }

    static List<Contender> sqliteLatency(SqliteForBench sqlite) {
        return List.of(
                PawlRuns.flows(SQLITE_PAWL, sqlite.newDatabase("latency_pawl")),
                Floor.flows(SQLITE_FLOOR, sqlite.newDatabase("latency_floor"), ALONE));
    }

    /** @param steps how many steps each job has */
    static List<Contender> jobs(PostgresForBench postgres, Comparison.Plan plan, int steps) throws Exception {
        return List.of(
                PawlRuns.jobs("Pawl", postgres.newDatabase("jobs_pawl_" + steps), steps),
                jobFloor(FLOOR, postgres, LANES, plan, steps),
                new DbosWorkflows(postgres.newDatabase("jobs_dbos_" + steps), DBOS_DIRECT, steps));
    }

    static List<Contender> jobLatency(PostgresForBench postgres, int steps) throws SQLException {
        return List.of(
                PawlRuns.jobs("Pawl", postgres.newDatabase("job_latency_pawl_" + steps), steps),
                Floor.jobs(FLOOR, postgres.newDatabase("job_latency_floor_" + steps), ALONE, steps),
                new DbosWorkflows(postgres.newDatabase("job_latency_dbos_" + steps), DBOS_DIRECT, steps));
    }

    static List<Contender> sqliteJobs(SqliteForBench sqlite, Comparison.Plan plan, int steps) throws Exception {
        return List.of(
                PawlRuns.jobs(SQLITE_PAWL, sqlite.newDatabase("jobs_pawl_" + steps), steps),
                jobFloor(SQLITE_FLOOR, sqlite, 1, plan, steps));
    }

    static List<Contender> sqliteJobLatency(SqliteForBench sqlite, int steps) {
        return List.of(
                PawlRuns.jobs(SQLITE_PAWL, sqlite.newDatabase("job_latency_pawl_" + steps), steps),
                Floor.jobs(SQLITE_FLOOR, sqlite.newDatabase("job_latency_floor_" + steps), ALONE, steps));
    }

    /** @param count how many pipelines go on at once */
    static List<Contender> pipelines(Databases databases, String of, int count) throws Exception {
        String many = count == 1 ? "one pipeline" : count + " pipelines";
        return List.of(
                new PipelineRuns("Pawl, " + many, databases.newDatabase(of + "_changes_" + count), count, true),
                new PipelineRuns(
                        "Pawl, " + many + " without changes",
                        databases.newDatabase(of + "_plain_" + count),
                        count,
                        false));
    }

    /** Pipelines beside a peer's workflows. */
    static List<Contender> pipelinesAndPeer(PostgresForBench postgres, String of, int count) throws Exception {
        var contenders = new ArrayList<>(pipelines(postgres, of, count));
        contenders.add(new DbosWorkflows(postgres.newDatabase(of + "_dbos_" + count), DBOS_DIRECT, 2));
        return contenders;
    }

    /** The first is the one with a target. */
    static List<Paced> graphs(PostgresForBench postgres) throws SQLException {
        return List.of(
                GraphRuns.plain("Pawl", postgres.newDatabase("graphs_pawl")),
                GraphRuns.calling(ONE_CALL, postgres.newDatabase("graphs_pawl_call")),
                new DbosWalks(
                        "DBOS, direct start",
                        postgres.newDatabase("graphs_dbos"),
                        DbosWorkflows.Tuning.direct(20, 100),
                        GraphRuns.NODES),
                new DbosWalks(
                        "DBOS, a connection for each workflow",
                        postgres.newDatabase("graphs_dbos_wide"),
                        DbosWorkflows.Tuning.direct(100, 100),
                        GraphRuns.NODES));
    }

    static List<Paced> sqliteGraphs(SqliteForBench sqlite) {
        return List.of(
                GraphRuns.plain(SQLITE_PAWL, sqlite.newDatabase("graphs_pawl")),
                GraphRuns.calling(
                        SQLITE_PAWL + ", a recorded call in each node", sqlite.newDatabase("graphs_pawl_call")));
    }

    /** All ways of hashing, the one without first. */
    static List<GraphRuns<Casebook>> hashings(PostgresForBench postgres, int kilobytes) throws SQLException {
        var contenders = new ArrayList<GraphRuns<Casebook>>();
        for (Hashing hashing : List.of(Hashing.OFF, Hashing.CHAINED, Hashing.TWICE)) {
            var database = postgres.newDatabase(
                    "hashing_%s_%d".formatted(hashing, kilobytes).toLowerCase(Locale.ROOT));
            int entries = Casebook.entries(kilobytes << 10);
            contenders.add(GraphRuns.sized("`" + hashing + "`", database, entries, hashing));
        }
        return contenders;
    }

    /** The same graph under several policies, without one first. */
    static List<GraphRuns<GraphRuns.Walk>> policies(PostgresForBench postgres) throws SQLException {
        var contenders = new ArrayList<GraphRuns<GraphRuns.Walk>>();
        contenders.add(GraphRuns.calling("no policy", postgres.newDatabase("policy_none")));
        contenders.add(GraphRuns.calling("a policy in Java that allows everything", postgres.newDatabase("policy_java"))
                .with(PawlRuns.settings().policy(PolicyDecisions.EVERYTHING)));
        contenders.add(GraphRuns.calling("the sample `gates`", postgres.newDatabase("policy_gates"))
                .with(PawlRuns.settings().policy(PolicyDecisions.sample("gates"))));
        return contenders;
    }

    private static Floor flowFloor(String name, Databases databases, int lanes, Comparison.Plan plan) throws Exception {
        var engine = PawlRuns.flows("", databases.newDatabase("flows_batch"));
        return Floor.flows(name, databases.newDatabase("flows_floor"), batching(lanes, engine, plan));
    }

    private static Floor jobFloor(String name, Databases databases, int lanes, Comparison.Plan plan, int steps)
            throws Exception {
        var engine = PawlRuns.jobs("", databases.newDatabase("jobs_batch_" + steps), steps);
        return Floor.jobs(name, databases.newDatabase("jobs_floor_" + steps), batching(lanes, engine, plan), steps);
    }

    private static Floor.Batching batching(int lanes, PawlRuns engine, Comparison.Plan plan) throws Exception {
        Comparison.say("looking how much the engine puts into a commit");
        return new Floor.Batching(lanes, CallCounter.meanBatch(engine, plan));
    }
}
