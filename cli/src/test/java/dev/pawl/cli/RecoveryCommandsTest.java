package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.examples.Approval;
import dev.pawl.job.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The verbs with which people help runs on, as a client beside a process that works. */
class RecoveryCommandsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What it would do may have happened or not. */
    private static final Job<String, String> PAYMENT = Job.define(
            "payment",
            String.class,
            String.class,
            (job, who) -> job.call("look-up", String.class, () -> who + " has an account")
                    + "; "
                    + job.once("pay", String.class, key -> {
                        throw new IOException("the connection broke");
                    }));

    @TempDir
    Path folder;

    private Cli cli;
    private Pawl working;

    @BeforeEach
    void open() {
        cli = Cli.on(folder.resolve("pawl.db"));
        working = Pawl.open(cli.url(), Approval.JOB, PAYMENT);
    }

    @AfterEach
    void close() {
        working.close();
    }

    private static JsonNode json(String text) {
        return RunDocument.tree(new Json(text));
    }

    private void awaitStatus(RunId run, RunStatus status) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (working.run(run).status() != status && System.nanoTime() < end) LockSupport.parkUntil(1);
        assertThat(working.run(run).status()).isEqualTo(status);
    }

    private void awaitExplanation(RunId run, String part) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!working.explain(run).contains(part) && System.nanoTime() < end) LockSupport.parkUntil(1);
        assertThat(cli.run("explain", run.toString()).out()).contains(part);
    }

    private Handle<String> expense() {
        return working.submit(Approval.JOB, new Approval.Expense("Bob", "a chair", 9_000));
    }

    @Test
    void a_signal_lets_a_waiting_job_go_on() throws Exception {
        var handle = expense();
        awaitExplanation(handle.id(), "waits for signal 'approval'");
        String id = handle.id().toString();
        String decision = "{\"by\":\"Ann\",\"approved\":true}";
        assertThat(cli.run("signal", id, "approval", "--payload", decision, "--id", "1")
                        .line())
                .isEqualTo("Sent to " + id + ".");
        assertThat(handle.await(PATIENCE)).startsWith("Approved by Ann");
        assertThat(cli.run("signal", id, "approval").code()).isEqualTo(Exit.REFUSED);
        var shown = cli.run("show", id).out();
        assertThat(shown).contains("await  approval", "APPLIED", "call   pay");
        assertThat(json(cli.run("show", id, "--json").out()).path("journal")).hasSize(3);
    }

    @Test
    void a_signal_with_the_id_of_an_earlier_one_is_dropped() {
        var id = expense().id().toString();
        assertThat(cli.run("signal", id, "other", "--id", "7", "--json").line()).contains("\"new\":true");
        assertThat(cli.run("signal", id, "other", "--id", "7", "--json").line()).contains("\"new\":false");
    }

    @Test
    void what_nobody_knew_is_said_by_a_person() throws Exception {
        var handle = working.submit(PAYMENT, "Bob");
        awaitStatus(handle.id(), RunStatus.BLOCKED);
        String id = handle.id().toString();
        assertThat(cli.run("explain", id).out()).contains("nobody knows", "pawl resolve " + id);
        assertThat(cli.run("resolve", id, "perhaps").code()).isEqualTo(Exit.USAGE);
        assertThat(cli.run("resolve", id, "skip", "--value", "1").code()).isEqualTo(Exit.USAGE);
        var answer = cli.run("resolve", id, "happened", "--value", "\"receipt 9\"", "--comment", "seen in the book");
        assertThat(answer.code()).isZero();
        assertThat(handle.await(PATIENCE)).isEqualTo("Bob has an account; receipt 9");
        assertThat(cli.run("events", id).out()).contains("effect.resolved", "seen in the book");
        assertThat(cli.run("resolve", id, "happened").code()).isEqualTo(Exit.REFUSED);
    }

    @Test
    void recovery_says_what_is_kept_and_what_is_done_again() {
        var handle = working.submit(PAYMENT, "Bob");
        awaitStatus(handle.id(), RunStatus.BLOCKED);
        String id = handle.id().toString();
        assertThat(cli.run("recovery", id).out())
                .contains("pawl inbox", "2 recorded effects, the last once pay", "job[0]", "none")
                .doesNotContain("pawl resume " + id);
        var document = json(cli.run("recovery", id, "--json").out());
        assertThat(document.path("resumable").asBoolean()).isFalse();
        assertThat(document.path("restartable").asBoolean()).isFalse();
    }

    @Test
    void a_run_that_has_ended_is_restarted_forked_and_shown_with_its_chain() throws Exception {
        var handle = working.submit(Approval.JOB, new Approval.Expense("Bob", "a pen", 100));
        handle.await(PATIENCE);
        String first = handle.id().toString();
        String again = cli.run("restart", first, "--input", "{\"who\":\"Ann\",\"what\":\"a cup\",\"cents\":200}")
                .line();
        assertThat(working.handle(RunId.parse(again)).await(PATIENCE).text()).contains("without a question");
        assertThat(cli.run("fork", first, "--from", "nothing").code()).isEqualTo(Exit.REFUSED);
        assertThat(cli.run("tree", again).out())
                .contains(first + "  job:approval  SUCCEEDED")
                .contains(again + "  job:approval  SUCCEEDED  restarts " + first + "  <- this one");
        assertThat(json(cli.run("tree", first, "--json").out())).hasSize(2);
    }

    @Test
    void a_fork_keeps_what_came_before_or_what_it_is_told() throws Exception {
        var handle = expense();
        String id = handle.id().toString();
        assertThat(cli.run("fork", id, "--from", "pay").err()).contains("Cancel it first");
        cli.run("signal", id, "approval", "--payload", "{\"by\":\"Ann\",\"approved\":true}");
        handle.await(PATIENCE);
        String fork = cli.run("fork", id, "--from", "pay", "--set", "{\"approval\":{\"by\":\"Eve\",\"approved\":true}}")
                .line();
        assertThat(working.handle(RunId.parse(fork)).await(PATIENCE).text())
                .isEqualTo("\"Approved by Eve: payment of 9000 cents.\"");
    }
}
