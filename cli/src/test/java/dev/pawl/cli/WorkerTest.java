package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code pawl worker} as a process. */
class WorkerTest {

    private static final String SLEEPER = "Flow.define(\"sleeper\", Integer.class, (f, millis) -> f.step(\"sleep\","
            + " String.class, millis, ms -> { new java.util.concurrent.CountDownLatch(1).await(ms,"
            + " java.util.concurrent.TimeUnit.MILLISECONDS); return \"rested\"; }))";

    @TempDir
    Path folder;

    private Cli pawl;

    @BeforeEach
    void fresh() {
        pawl = Cli.on(folder.resolve("pawl.db"));
    }

    private JsonNode last() {
        return RunDocument.tree(
                new Json(pawl.run("show", "last", "--json", "--tasks").out()));
    }

    private void awaitStatus(String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(last().path("status").asString()).isEqualTo(status));
    }

    @Test
    void a_worker_says_that_it_is_ready_works_and_stops_when_told() throws Exception {
        pawl.run("submit", "map-over-map", "--input", "[1,2]");
        try (var worker = CliProcess.start(folder, "worker", "--db", pawl.url(), "--slots", "3")) {
            assertThat(worker.readLine()).contains("Ready", "3 slots", "default", "printer", "census");
            awaitStatus("SUCCEEDED");
            worker.terminate();
            assertThat(worker.await(20)).isZero();
        }
    }

    @Test
    void a_worker_that_is_told_to_stop_lets_short_tasks_end() throws Exception {
        String jar = UserJar.of(folder.resolve("sleeper.jar"), SLEEPER).toString();
        pawl.run("submit", "sleeper", "--input", "1500", "--jar", jar);
        try (var worker =
                CliProcess.start(folder, "worker", "--db", pawl.url(), "--jar", jar, "--json", "--grace", "10")) {
            assertThat(RunDocument.tree(new Json(worker.readLine()))
                            .path("ready")
                            .asBoolean())
                    .isTrue();
            awaitStatus("RUNNING");
            worker.terminate();
            assertThat(worker.await(20)).isZero();
        }
        assertThat(last().path("status").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_worker_that_is_told_to_stop_hands_long_tasks_back_unspent() throws Exception {
        String jar = UserJar.of(folder.resolve("sleeper.jar"), SLEEPER).toString();
        pawl.run("submit", "sleeper", "--input", "600000", "--jar", jar);
        try (var worker = CliProcess.start(folder, "worker", "--db", pawl.url(), "--jar", jar)) {
            worker.readLine();
            awaitStatus("RUNNING");
            worker.terminate();
            assertThat(worker.await(30)).isZero();
        }
        var task = last().path("tasks").path(0);
        assertThat(task.path("status").asString()).isEqualTo("READY");
        assertThat(pawl.run("events", "last").out()).contains("task.returned");
    }

    @Test
    void a_worker_serves_only_the_queues_that_it_is_given() throws Exception {
        pawl.run("submit", "map-over-map", "--input", "[1]");
        pawl.run("submit", "limited", "--input", "\"page\"");
        try (var worker = CliProcess.start(folder, "worker", "--db", pawl.url(), "--queues", "printer,other")) {
            assertThat(worker.readLine()).contains("queues printer, other");
            awaitStatus("SUCCEEDED");
            assertThat(pawl.run("list", "--status", "QUEUED", "--json").out().lines())
                    .hasSize(1);
            assertThat(pawl.run("list", "--status", "QUEUED").out()).contains("map-over-map");
            worker.terminate();
            assertThat(worker.await(20)).isZero();
        }
    }
}
