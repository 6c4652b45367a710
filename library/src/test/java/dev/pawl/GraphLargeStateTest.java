package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.graph.Graph;
import dev.pawl.json.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A large state of which each step changes little: what is kept, and what is read again by somebody who has seen nothing. */
class GraphLargeStateTest {

    private static final int STEPS = 40;
    private static final int LARGE = 100_000;
    private static final int LINES = 1_000;

    /** The six values that are easily taken for each other, or for nothing. */
    private static List<@Nullable Object> falsy() {
        var values = new ArrayList<@Nullable Object>(List.of(0, false, "", List.of(), Map.of()));
        values.add(null);
        return values;
    }

    /**
     * @param lines long, and changed in the middle, shortened and lengthened
     * @param odd takes each falsy value in turn, under names that come and go
     */
    record Doc(
            int steps,
            List<String> lines,
            Map<String, @Nullable Object> odd,
            @Nullable Object value) {

        Doc next() {
            int step = steps + 1;
            var edited = new ArrayList<>(lines);
            int at = step * 20;
            edited.set(at, "changed in step " + step);
            if (step % 3 == 0) edited.remove(at + 1);
            if (step % 5 == 0) edited.add(at + 2, "added in step " + step);
            if (step % 7 == 0) edited.set(at, "");
            var values = falsy();
            var turned = new LinkedHashMap<>(odd);
            turned.put("of " + step % 4, values.get(step % values.size()));
            if (step % 4 == 3) turned.remove("of " + (step + 2) % 4);
            return new Doc(step, edited, turned, values.get((step + 1) % values.size()));
        }
    }

    private static Doc beginning() {
        var lines = new ArrayList<String>();
        String filling = "x".repeat(LARGE / LINES);
        for (int i = 0; i < LINES; i++) lines.add(i + " " + filling);
        return new Doc(0, lines, new LinkedHashMap<>(), null);
    }

    private final List<Integer> executed = new ArrayList<>();

    private final Graph<Doc> graph = Graph.define("large", Doc.class, g -> {
        var edit = g.node("edit", (doc, io) -> {
            executed.add(doc.steps() + 1);
            return doc.next();
        });
        g.start(edit);
        edit.when(doc -> doc.steps() < STEPS, edit).otherwiseEnd();
    });

    private List<JsonNode> expected() {
        var states = new ArrayList<JsonNode>();
        var doc = beginning();
        for (int step = 1; step <= STEPS; step++) {
            doc = doc.next();
            states.add(Codec.STANDARD.tree(graph.encode(doc)));
        }
        return states;
    }

    private static Json input(Graph<Doc> graph) {
        var input = graph.encode(beginning());
        assertThat(input.text()).hasSizeGreaterThan(LARGE);
        return input;
    }

    /** The older system kept hashes alone (its defect 3), or with a checkpoint interval lost the steps between (9). */
    @ParameterizedTest
    @EnumSource
    void steps_keep_what_they_changed_and_sometimes_the_whole_state(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, input(graph));
            worker.drain();
            var steps = Evidence.of(stage, run);
            assertThat(steps).extracting(Evidence::state).isEqualTo(expected());
            var whole = steps.stream()
                    .filter(step -> step.told().get("full").booleanValue())
                    .map(Evidence::number)
                    .toList();
            assertThat(whole).containsExactly(16, 32, STEPS);
            assertThat(steps)
                    .filteredOn(step -> !whole.contains(step.number()))
                    .allSatisfy(step -> assertThat(step.kept().toString())
                            .as("step %d", step.number())
                            .startsWith("[{\"op\":")
                            .hasSizeLessThan(1_000));
            assertThat(steps)
                    .filteredOn(step -> whole.contains(step.number()))
                    .allSatisfy(step -> assertThat(step.kept().toString()).hasSizeGreaterThan(LARGE));
            assertThat(Codec.STANDARD.tree(worker.output(run)))
                    .isEqualTo(expected().getLast());
        }
    }

    /** Before, at and after a step that keeps the whole state; and at the first and the last one. */
    @ParameterizedTest
    @EnumSource
    void whoever_has_seen_nothing_reads_the_state_as_it_was(Database database) {
        var deaths = Set.of(1, 2, 15, 16, 17, 18, 25, 31, 32, 33, STEPS);
        try (var stage = new Stage(database)) {
            var run = stage.worker(graph).submit(graph, input(graph));
            for (int step = 1; step <= STEPS; step++) {
                var worker = stage.worker(graph); // knows nothing yet
                var claim = worker.claim(1).getFirst();
                var verdict = worker.attempt(claim);
                if (deaths.contains(step)) {
                    stage.clock.advance(Duration.ofSeconds(10));
                    worker = stage.worker(graph);
                    claim = worker.claim(1).getFirst();
                    verdict = worker.attempt(claim);
                }
                assertThat(worker.end(claim, verdict)).isTrue();
            }
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(executed).hasSize(STEPS + deaths.size());
            assertThat(Evidence.of(stage, run)).extracting(Evidence::state).isEqualTo(expected());
            assertThat(Travels.replay(stage, run, graph).same()).isTrue();
        }
    }
}
