package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.io.Action;
import dev.pawl.job.Job;
import dev.pawl.spi.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SQL of users and records of ours in one transaction: both or neither, whatever happens. */
class TransactTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> seen = new ArrayList<>();

    private static void sql(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static long number(String url, String query) {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static long booked(String url) {
        return number(url, "select count(*) from booking");
    }

    private static Stage stage(Database database) {
        var stage = new Stage(database);
        sql(stage.url, "create table booking (id int primary key, what varchar(100))");
        return stage;
    }

    private static int insert(Connection connection, int id) throws SQLException {
        try (var statement = connection.prepareStatement("insert into booking (id, what) values (?, 'flight')")) {
            statement.setInt(1, id);
            return statement.executeUpdate();
        }
    }

    private static Job<Integer, Integer> booking(Action.Transacted<Integer, ? extends Exception> work) {
        return Job.define("booking", Integer.class, Integer.class, (job, n) -> {
                    job.call("before", () -> {});
                    int booked = job.transact("book", Integer.class, work);
                    job.call("after", () -> {});
                    return booked;
                })
                .retry(Retry.times(3).base(HOUR).cap(HOUR).jitter(0));
    }

    @ParameterizedTest
    @EnumSource
    void the_work_and_its_record_are_written_together_and_once(Database database) {
        var program = booking(connection -> {
            seen.add("work");
            return 41 + insert(connection, 1);
        });
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.die(worker); // after the transaction
            assertThat(booked(stage.url)).isEqualTo(1);
            assertThat(stage.journal(run)).containsExactly("0 call before APPLIED", "1 transact book APPLIED");
            stage.worker(program).drain();
            assertThat(worker.output(run)).isEqualTo(new Json("42"));
            assertThat(booked(stage.url)).isEqualTo(1);
            assertThat(seen).containsExactly("work");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_exception_takes_everything_back_and_the_work_is_tried_again(Database database) {
        var program = booking(connection -> {
            int booked = insert(connection, 1);
            seen.add("work");
            if (seen.size() == 1) throw new Failure.Transient("not yet");
            return booked;
        });
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(booked(stage.url)).isZero();
            assertThat(stage.journal(run)).containsExactly("0 call before APPLIED", "1 transact book BEGUN");
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(booked(stage.url)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_logic_failure_takes_everything_back_for_good(Database database) {
        var program = booking(connection -> {
            insert(connection, 1);
            throw new Failure.Logic("no seats");
        });
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("no seats");
            assertThat(booked(stage.url)).isZero();
        }
    }

    /** What the database says to the SQL of users is for users to read: as it is, and in each replay. */
    @ParameterizedTest
    @EnumSource
    void an_sql_exception_passes_through(Database database) {
        var program = Job.define("duplicate", Integer.class, String.class, (job, n) -> {
                    try {
                        job.transact(
                                "book", Integer.class, connection -> insert(connection, 1) + insert(connection, 1));
                        return "twice";
                    } catch (SQLException duplicate) {
                        seen.add(duplicate.getMessage());
                    }
                    job.sleep(HOUR);
                    return "once";
                })
                .retry(Retry.never());
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("once"));
            assertThat(booked(stage.url)).isZero();
            assertThat(seen).hasSize(2);
            assertThat(seen.get(0)).isEqualTo(seen.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_sql_exception_of_the_users_own_is_no_failure_of_the_database(Database database) {
        var program = Job.define("own", Integer.class, String.class, (job, n) -> {
                    try {
                        job.transact("book", Integer.class, connection -> {
                            throw new SQLIntegrityConstraintViolationException("mine", "23505");
                        });
                        return "";
                    } catch (SQLIntegrityConstraintViolationException mine) {
                        return mine.getMessage();
                    }
                })
                .retry(Retry.never());
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("mine"));
        }
    }

    /** Users end their own transactions, and not ours. */
    @ParameterizedTest
    @EnumSource
    void the_transaction_is_not_the_users_to_end(Database database) {
        var program = booking(connection -> {
            insert(connection, 1);
            for (Forbidden forbidden : List.<Forbidden>of(
                    Connection::commit,
                    Connection::rollback,
                    Connection::close,
                    c -> c.setAutoCommit(true),
                    c -> c.setAutoCommit(false))) {
                assertThatThrownBy(() -> forbidden.ask(connection))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("Pawl commits this transaction");
            }
            seen.add("asked");
            throw new Failure.Logic("enough");
        });
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(seen).containsExactly("asked");
            assertThat(booked(stage.url)).isZero();
        }
    }

    private interface Forbidden {
        void ask(Connection connection) throws SQLException;
    }

    @ParameterizedTest
    @EnumSource
    void a_savepoint_is_the_users_own(Database database) {
        var program = booking(connection -> {
            insert(connection, 1);
            var savepoint = connection.setSavepoint("mine");
            insert(connection, 2);
            connection.rollback(savepoint);
            return 1;
        });
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(booked(stage.url)).isEqualTo(1);
        }
    }

    /** X2: it came to its end too late. */
    @ParameterizedTest
    @EnumSource
    void work_whose_lease_is_gone_is_taken_back(Database database) {
        try (var stage = stage(database)) {
            var program = booking(connection -> {
                seen.add("work");
                return insert(connection, seen.size());
            });
            var worker = stage.worker(program);
            var other = stage.worker(program);
            var run = worker.submit(program, INPUT);
            var stale = worker.claim(1).getFirst();
            stage.clock.advance(Duration.ofSeconds(10));
            other.drain();
            worker.end(stale, worker.attempt(stale));
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(booked(stage.url)).isEqualTo(1);
            assertThat(worker.output(run)).isEqualTo(new Json("1"));
        }
    }

    /** The lease is lost while the work is being done. */
    @Test
    void work_that_loses_its_lease_in_the_middle_is_taken_back() {
        try (var stage = stage(Database.POSTGRESQL)) {
            var others = new ArrayList<Runnable>();
            var program = booking(connection -> {
                int id = seen.size() + 1;
                seen.add("work");
                int inserted = insert(connection, id);
                if (!others.isEmpty()) others.removeFirst().run();
                return inserted;
            });
            var worker = stage.worker(program);
            var other = stage.worker(program);
            others.add(() -> {
                stage.clock.advance(Duration.ofSeconds(10));
                other.drain();
            });
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(seen).hasSize(2);
            assertThat(booked(stage.url)).isEqualTo(1);
        }
    }

    /** The connection dies with the transaction in it, before the commit and at it. */
    @Test
    void work_whose_connection_is_killed_is_done_again() {
        try (var stage = stage(Database.POSTGRESQL)) {
            var program = booking(connection -> {
                int inserted = insert(connection, 1);
                seen.add("work");
                if (seen.size() == 1) {
                    try (var row = connection.createStatement().executeQuery("select pg_backend_pid()")) {
                        row.next();
                        sql(stage.url, "select pg_terminate_backend(" + row.getInt(1) + ")");
                    }
                }
                return inserted;
            });
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(booked(stage.url)).isZero();
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(booked(stage.url)).isEqualTo(1);
            assertThat(seen).hasSize(2);
        }
    }

    /** Nothing was said yet when the run was held, so nothing may be taken for done. */
    @ParameterizedTest
    @EnumSource
    void work_that_a_pause_kept_from_beginning_is_done_after_it(Database database) throws Exception {
        var began = new CountDownLatch(1);
        var held = new CountDownLatch(1);
        var program = Job.define("held", Integer.class, Integer.class, (job, n) -> {
            job.call("long", () -> {
                began.countDown();
                held.await();
            });
            return job.transact("book", Integer.class, connection -> insert(connection, 1));
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            sql(fleet.url, "create table booking (id int primary key, what varchar(100))");
            var handle = pawl.submit(program, 1);
            began.await();
            pawl.pause(handle.id(), "ann", "");
            held.countDown();
            await().until(() -> pawl.tasks(handle.id(), 1).getFirst().task().status() == TaskStatus.READY);
            assertThat(booked(fleet.url)).isZero();
            pawl.resume(handle.id(), "ann", "");
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(1);
            assertThat(booked(fleet.url)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_jobs_transact_beside_each_other(Database database) throws Exception {
        var program = Job.define("many", Integer.class, Integer.class, (job, n) -> {
            int sum = 0;
            for (int i = 0; i < 5; i++) {
                int id = 5 * n + i;
                sum += job.transact("book", Integer.class, connection -> insert(connection, id));
            }
            return sum;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            sql(fleet.url, "create table booking (id int primary key, what varchar(100))");
            var handles = new ArrayList<Handle<Integer>>();
            for (int i = 0; i < 40; i++) handles.add(pawl.submit(program, i));
            for (var handle : handles) assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(5);
            assertThat(booked(fleet.url)).isEqualTo(200);
        }
    }

    // ---- submitting in a transaction of theirs -------------------------------------------------------------------

    private final Job<Integer, Integer> twice = Job.define("twice", Integer.class, Integer.class, (job, n) -> 2 * n);

    private void within(Database database, Consumer<Theirs> test) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(twice);
            sql(fleet.url, "create table booking (id int primary key, what varchar(100))");
            try (Connection connection = DriverManager.getConnection(fleet.url)) {
                connection.setAutoCommit(false);
                test.accept(new Theirs(fleet.url, pawl, connection));
            }
        }
    }

    private record Theirs(String url, Pawl pawl, Connection connection) {
        RunId submit(Job<Integer, Integer> program, Submit how) {
            return pawl.submit(connection, program, 21, how).id();
        }

        void commit() {
            try {
                connection.commit();
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }

        void rollback() {
            try {
                connection.rollback();
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }

        void book(int id) {
            try {
                insert(connection, id);
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_submitted_in_a_transaction_exists_with_its_commit(Database database) throws Exception {
        within(database, theirs -> {
            theirs.book(1);
            var run = theirs.submit(twice, Submit.NOW);
            assertThat(theirs.pawl.find(run)).isEmpty();
            theirs.commit();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> theirs.pawl.run(run).status() == RunStatus.SUCCEEDED);
            assertThat(theirs.pawl.output(theirs.pawl.run(run))).isEqualTo(new Json("42"));
            assertThat(booked(theirs.url)).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_submitted_in_a_transaction_never_was_after_its_rollback(Database database) throws Exception {
        within(database, theirs -> {
            theirs.book(1);
            var run = theirs.submit(twice, Submit.once("k"));
            theirs.rollback();
            assertThat(theirs.pawl.find(run)).isEmpty();
            assertThat(booked(theirs.url)).isZero();
            var other = theirs.submit(twice, Submit.once("k"));
            theirs.commit();
            assertThat(other).isNotEqualTo(run);
            assertThat(theirs.pawl.submit(twice, 1, Submit.once("k")).id()).isEqualTo(other);
            assertThat(theirs.submit(twice, Submit.once("k"))).isEqualTo(other);
            theirs.rollback();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_taken_slot_is_refused_and_the_transaction_goes_on(Database database) throws Exception {
        within(database, theirs -> {
            theirs.submit(twice, Submit.NOW.slot("s").after(HOUR));
            theirs.commit();
            theirs.book(1);
            String before = path(theirs.connection, database);
            assertThatThrownBy(() -> theirs.submit(twice, Submit.NOW.slot("s")))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.SLOT_TAKEN));
            assertThat(path(theirs.connection, database)).isEqualTo(before);
            theirs.book(2);
            theirs.commit();
            assertThat(booked(theirs.url)).isEqualTo(2);
        });
    }

    private static String path(Connection connection, Database database) {
        if (database == Database.SQLITE) return "";
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show search_path")) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_to_something_else_is_refused(Database database) throws Exception {
        within(database, theirs -> {
            for (String url : List.of(Database.SQLITE.url(), Database.POSTGRESQL.url(), "jdbc:sqlite::memory:")) {
                try (Connection other = DriverManager.getConnection(url)) {
                    other.setAutoCommit(false);
                    assertThatThrownBy(() -> theirs.pawl.submit(other, twice, 1, Submit.NOW))
                            .as(url)
                            .isInstanceOf(StoreException.Unusable.class)
                            .hasMessageContaining("The connection is");
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_without_a_transaction_is_refused(Database database) throws Exception {
        within(database, theirs -> {
            try {
                theirs.connection.setAutoCommit(true);
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
            assertThatThrownBy(() -> theirs.submit(twice, Submit.NOW))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("auto-commit");
        });
    }

    /** Their tables may be elsewhere, and are found as before. */
    @Test
    void the_search_path_of_the_connection_is_as_it_was() throws Exception {
        within(Database.POSTGRESQL, theirs -> {
            sql(theirs.url, "create schema theirs", "create table theirs.booking (id int, what varchar(100))");
            try (var statement = theirs.connection.createStatement()) {
                statement.execute("set search_path = theirs");
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
            var run = theirs.submit(twice, Submit.NOW);
            theirs.book(1);
            assertThat(path(theirs.connection, Database.POSTGRESQL)).isEqualTo("theirs");
            theirs.commit();
            assertThat(number(theirs.url, "select count(*) from theirs.booking"))
                    .isEqualTo(1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> theirs.pawl.run(run).status() == RunStatus.SUCCEEDED);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_cancelled_run_transacts_nothing(Database database) {
        var program = booking(connection -> insert(connection, 1));
        try (var stage = stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            var claim = worker.claim(1).getFirst();
            worker.command(run, Verb.CANCEL);
            worker.end(claim, worker.attempt(claim));
            assertThat(booked(stage.url)).isZero();
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
        }
    }
}
