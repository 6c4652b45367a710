package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Payloads;
import dev.pawl.flow.Flow;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values come back as they were given: the empty ones, the large ones, and not at all the too large ones. */
class PayloadTest {

    private static final Json INPUT = new Json("{}");
    private static final Duration IN_A_MINUTE = Duration.ofMinutes(-1);
    private static final List<String> EMPTY = List.of("0", "false", "\"\"", "null", "[]", "{}");
    private static final Json MEGABYTE = new Json(Json.quote("å".repeat(1 << 19)));

    /** X5. */
    @ParameterizedTest
    @EnumSource
    void empty_values_survive_as_input_output_and_output_of_a_step(Database database) throws Exception {
        var echo = Steps.of(
                2,
                task -> task.key().name().equals("a")
                        ? task.outputs().input()
                        : task.outputs().of("a", 0));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(echo);
            for (String value : EMPTY) {
                var handle = pawl.submit(echo, new Json(value));
                assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(new Json(value));
                var run = pawl.run(handle.id());
                assertThat(pawl.load(run.input())).isEqualTo(new Json(value));
                assertThat(pawl.output(run)).isEqualTo(new Json(value));
                assertThat(pawl.tasks(run.id(), 10))
                        .extracting(task -> task.output().stored())
                        .containsExactly(value, value);
            }
        }
    }

    /** X5, P18, P30: also as typed values and as elements, where nulls keep their place. */
    @ParameterizedTest
    @EnumSource
    void empty_values_survive_in_a_flow_and_as_elements_of_a_map(Database database) throws Exception {
        var single = Flow.define("single", Object.class, (f, input) -> {
            var a = f.step("a", Object.class, input, PayloadTest::same);
            return f.step("b", Object.class, a, PayloadTest::same);
        });
        var many = Flow.defineList("many", Object.class, (f, input) -> {
            var first = f.map("first", Object.class, input, PayloadTest::same);
            var second = f.map("second", Object.class, first, PayloadTest::same);
            return f.step("all", new TypeRef<List<Object>>() {}, second, PayloadTest::same);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(single, many);
            var values = Arrays.asList(0, false, "", null, List.of(), Map.of());
            for (var value : values) {
                assertThat(pawl.submit(single, value).await(Fleet.PATIENCE)).isEqualTo(value);
            }
            assertThat(pawl.submit(many, values).await(Fleet.PATIENCE)).isEqualTo(values);
        }
    }

    private static <T extends @Nullable Object> T same(T value) {
        return value;
    }

    @ParameterizedTest
    @EnumSource
    void a_megabyte_goes_to_the_artifact_folder_comes_back_and_goes_with_its_run(Database database) throws Exception {
        var echo = Steps.of(
                2,
                task -> task.key().name().equals("a")
                        ? task.outputs().input()
                        : task.outputs().of("a", 0));
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(echo);
            var handle = client.submit(echo, MEGABYTE);
            var worker = fleet.open(echo);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(MEGABYTE);
            assertThat(worker.handle(handle.id()).await(Fleet.PATIENCE)).isEqualTo(MEGABYTE);
            assertThat(worker.run(handle.id()).output().isArtifact()).isTrue();
            var folder = fleet.artifacts.resolve(handle.id().toString());
            assertThat(files(folder)).hasSize(1).allMatch(file -> size(file) > 1 << 20);
            assertThat(client.prune(Duration.ofDays(1))).isZero();
            assertThat(folder).exists();
            assertThat(client.prune(IN_A_MINUTE)).isEqualTo(1);
            assertThat(folder).doesNotExist();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    @ParameterizedTest
    @EnumSource
    void an_output_over_the_hard_limit_fails_its_run_at_once_and_says_the_way_out(Database database) throws Exception {
        var large = Steps.of(1, task -> MEGABYTE);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(settings -> settings.payloads(new Payloads.Limits(1_000, 100_000)), large);
            var handle = pawl.submit(large, INPUT);
            Fleet.fails(
                    handle,
                    "\"class\":\"LOGIC\"",
                    "The output of task a[0] has 1,048,578 bytes; the limit is 100,000.",
                    "Keep large data elsewhere and pass a reference, or raise the limit.");
            assertThat(pawl.tasks(handle.id(), 10).getFirst().task().attempt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_input_over_the_hard_limit_is_refused_and_leaves_nothing_behind(Database database) throws Exception {
        var program = Steps.of(1, task -> Json.NULL);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(settings -> settings.payloads(new Payloads.Limits(1_000, 100_000)), program);
            assertThatThrownBy(() -> pawl.submit(program, MEGABYTE))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("The input of steps:test has 1,048,578 bytes; the limit is 100,000.");
            assertThat(pawl.list(new Store.RunFilter(null, null, null, 10))).isEmpty();
            assertThat(fleet.artifacts).doesNotExist();
        }
    }

    /** A retry takes over outputs by their references, so what they refer to must outlive the run that it retries. */
    @ParameterizedTest
    @EnumSource
    void a_retry_reads_large_values_of_the_run_that_it_retries_also_after_that_was_pruned(Database database)
            throws Exception {
        var broken = new AtomicBoolean(true);
        var gate = new Gate();
        var program = Steps.of(2, task -> {
            if (task.key().name().equals("a")) return MEGABYTE;
            if (broken.get()) throw new Failure.Logic("broken");
            gate.pass();
            assertThat(task.outputs().input()).isEqualTo(MEGABYTE);
            return task.outputs().of("a", 0);
        });
        try (var fleet = new Fleet(database)) {
            var first = fleet.open(program);
            var failed = first.submit(program, MEGABYTE);
            Fleet.fails(failed);
            fleet.close(first); // what it remembers must not help
            broken.set(false);
            var second = fleet.open(program);
            RunId again = second.retry(failed.id(), "ann").id();
            await().until(() -> second.run(again).status() == RunStatus.RUNNING);
            second.prune(IN_A_MINUTE);
            gate.open();
            assertThat(second.handle(again).await(Fleet.PATIENCE)).isEqualTo(MEGABYTE);
            pruneAll(second);
            assertThat(second.list(new Store.RunFilter(null, null, null, 10))).isEmpty();
            assertThat(files(fleet.artifacts)).isEmpty();
        }
    }

    /** The retried run goes after the one that retries it. */
    private static void pruneAll(Pawl pawl) {
        pawl.prune(IN_A_MINUTE);
        pawl.prune(IN_A_MINUTE);
    }
}
