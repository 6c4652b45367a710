package dev.pawl;

import static dev.pawl.Travels.hashes;
import static dev.pawl.Travels.history;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.TimeTravel;
import dev.pawl.flow.Flow;
import dev.pawl.graph.Graph;
import dev.pawl.job.Job;
import dev.pawl.spi.History;
import dev.pawl.spi.Program;
import dev.pawl.testkit.Replays;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recorded run as a file: told, verified and replayed where its database is not. */
class ExportTest {

    record Notes(List<Object> lines) {
        Notes with(Object line) {
            var more = new ArrayList<>(lines);
            more.add(line);
            return new Notes(more);
        }
    }

    @TempDir
    Path folder;

    private final AtomicInteger calls = new AtomicInteger();

    /** Falsy values, an artifact, a value too large for its row, and odd characters. */
    private Graph<Notes> graph() {
        return Graph.define("carried", Notes.class, g -> {
            var one = g.node("one", (n, io) -> {
                Object nothing = io.call("nothing", Object.class, () -> null);
                return n.with(nothing)
                        .with(io.call("zero", Integer.class, () -> 0 * calls.incrementAndGet()))
                        .with(io.call("empty", String.class, () -> ""))
                        .with(io.call("odd", "\b\f\u0001\"\\ é 😀", String.class, asked -> asked));
            });
            var two = g.node("two", (n, io) -> {
                var kept = io.write("page", "text/plain", "the page".getBytes(StandardCharsets.UTF_8));
                String large = io.call("large", String.class, () -> "x".repeat(400_000));
                return n.with(new String(io.read(kept), StandardCharsets.UTF_8)).with(large.length());
            });
            g.start(one);
            one.then(two);
            two.end();
        });
    }

    private Path export(Stage stage, RunId run) throws IOException {
        var history = history(stage, run);
        String text = TimeTravel.export(history);
        assertThat(TimeTravel.export(history)).isEqualTo(text);
        return Files.writeString(folder.resolve(run + ".json"), text);
    }

    private static RunId run(Stage stage, Program program, String input) {
        var worker = stage.worker(program);
        var run = worker.submit(program, new Json(input));
        worker.drain();
        return run;
    }

    private static void same(History file, History database) {
        var told = TimeTravel.timeline(file);
        var original = TimeTravel.timeline(database);
        assertThat(hashes(told)).isEqualTo(hashes(original));
        for (int i = 0; i <= original.last(); i++) assertThat(told.state(i)).isEqualTo(original.state(i));
        assertThat(file.result()).isEqualTo(database.result());
        assertThat(TimeTravel.verify(file)).isEqualTo(TimeTravel.verify(database));
        assertThat(TimeTravel.verify(file).flaws()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_of_a_graph_goes_to_another_machine_and_is_replayed_there(Database database) throws IOException {
        Path file;
        var graph = graph();
        try (var stage = new Stage(database)) {
            var run = run(stage, graph, "{\"lines\":[]}");
            file = export(stage, run);
            same(TimeTravel.read(file), history(stage, run));
        }
        int before = calls.get();
        var replay = TimeTravel.replay(TimeTravel.read(file), List.of(graph), moment -> {});
        assertThat(replay.divergence()).isNull();
        assertThat(replay.end()).isEqualTo("It ended as recorded.");
        assertThat(calls).hasValue(before);
        // Exported again it is the same file.
        assertThat(TimeTravel.export(TimeTravel.read(file))).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest
    @EnumSource
    void runs_of_jobs_and_flows_are_carried_too(Database database) throws IOException {
        var job = Job.define(
                "carried",
                Integer.class,
                String.class,
                (j, n) -> j.call("a", String.class, () -> "a" + calls.incrementAndGet()) + j.await("go", String.class));
        var flow = Flow.define("carried", Integer.class, (f, n) -> {
            var all = f.map("twice", Integer.class, f.range(3), x -> 2 * x);
            return f.step("size", Integer.class, all, List::size);
        });
        try (var stage = new Stage(database)) {
            var ended = run(stage, flow, "1");
            same(TimeTravel.read(export(stage, ended)), history(stage, ended));
            assertThat(TimeTravel.check(TimeTravel.read(export(stage, ended)), List.of(flow))
                            .isTrouble())
                    .isFalse();
            var open = run(stage, job, "1");
            stage.worker(job).signal(open, "other", Json.NULL, "id");
            var file = TimeTravel.read(export(stage, open));
            same(file, history(stage, open));
            assertThat(file.mailbox()).hasSize(1);
            assertThat(TimeTravel.replay(file, List.of(job), moment -> {}).end())
                    .isEqualTo("It waits for await \"go\".");
            assertThat(calls).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_changed_file_is_found_out(Database database) throws IOException {
        try (var stage = new Stage(database)) {
            var file = export(stage, run(stage, graph(), "{\"lines\":[]}"));
            Files.writeString(file, Files.readString(file).replace("\"name\": \"zero\"", "\"name\": \"nought\""));
            assertThat(TimeTravel.verify(TimeTravel.read(file)).flaws())
                    .anySatisfy(flaw -> assertThat(flaw).contains("The effects of task one[1]"));
        }
    }

    /** The support for builds: a folder of recorded runs against today's code. */
    @ParameterizedTest
    @EnumSource
    void a_folder_of_recorded_runs_lets_only_fitting_code_through(Database database) throws IOException {
        var graph = graph();
        assertThatThrownBy(() -> Replays.requireAll(folder, graph)).isInstanceOf(IllegalArgumentException.class);
        try (var stage = new Stage(database)) {
            var run = run(stage, graph, "{\"lines\":[]}");
            export(stage, run);
            assertThat(Replays.requireAll(folder, graph))
                    .singleElement()
                    .satisfies(fit -> assertThat(fit.isTrouble()).isFalse());
            var other = Graph.define("carried", Notes.class, g -> {
                var one = g.node("one", (n, io) -> n.with(io.call("else", Object.class, () -> null)));
                g.start(one);
                one.end();
            });
            assertThatThrownBy(() -> Replays.requireAll(folder, other))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll(
                            "1 of 1 recorded runs", run + ".json", "call \"else\"", "call \"nothing\"");
        }
    }

    @Test
    void what_is_no_export_or_a_newer_one_is_refused_with_words() throws IOException {
        var file = folder.resolve("file.json");
        for (var content : List.of("", "[]", "{}", "{\"pawlRun\":1}", "{\"pawlRun\":2}", "not json")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> TimeTravel.read(file))
                    .as(content)
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining(file.toString());
        }
    }
}
