package dev.pawl;

import static dev.pawl.Travels.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.TimeTravel;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Node;
import dev.pawl.spi.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hundred generated edits of a graph's code against the record of a run of the code before: each that does not fit is
 * found before anything is called, and none that fits is a false alarm.
 */
class EditedCodeTest {

    private static final int EDITS = 200;
    private static final int STEPS = 5;

    record Sum(int value) {}

    /** One call of a node. */
    private record Call(String name, int limit) {}

    private enum Edit {
        ADD,
        REMOVE,
        SWAP,
        RENAME,
        REQUEST,
        STATE,
        /** These change nothing of what is recorded. */
        RETRY,
        MORE_NODES,
        AGAIN
    }

    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param steps what each node asks for
     * @param added what the last node adds to the state by itself
     * @param attempts how often a node is tried
     * @param unused how many nodes nobody goes to
     */
    private record Code(List<List<Call>> steps, int added, int attempts, int unused) {

        Code with(Edit edit, Random random) {
            var edited = new ArrayList<List<Call>>();
            steps.forEach(step -> edited.add(new ArrayList<>(step)));
            var step = edited.get(random.nextInt(edited.size()));
            int at = random.nextInt(step.size());
            var call = step.get(at);
            return switch (edit) {
                case ADD -> {
                    step.add(random.nextInt(step.size() + 1), new Call("new", 1));
                    yield with(edited);
                }
                case REMOVE -> {
                    step.remove(at);
                    yield with(edited);
                }
                case SWAP -> {
                    step.set(at, step.get((at + 1) % step.size()));
                    step.set((at + 1) % step.size(), call);
                    yield with(edited);
                }
                case RENAME -> {
                    step.set(at, new Call(call.name() + "-", call.limit()));
                    yield with(edited);
                }
                case REQUEST -> {
                    step.set(at, new Call(call.name(), call.limit() + 1 + random.nextInt(9)));
                    yield with(edited);
                }
                case STATE -> new Code(steps, added + 1, attempts, unused);
                case RETRY -> new Code(steps, added, attempts + 1 + random.nextInt(5), unused);
                case MORE_NODES -> new Code(steps, added, attempts, unused + 1);
                case AGAIN -> with(edited);
            };
        }

        private Code with(List<List<Call>> edited) {
            return new Code(edited, added, attempts, unused);
        }

        /** Whether it does the same as other code, as far as a record shows. */
        boolean doesTheSameAs(Code other) {
            return steps.equals(other.steps) && added == other.added;
        }
    }

    private Graph<Sum> graph(Code code) {
        return Graph.define("edited", Sum.class, g -> {
            var nodes = new ArrayList<Node<Sum>>();
            for (int i = 0; i < STEPS; i++) {
                var step = code.steps().get(i);
                int own = i == STEPS - 1 ? code.added() : 0;
                nodes.add(g.node("step" + i, (sum, io) -> {
                            int value = sum.value() + own;
                            for (var call : step) {
                                var request = Map.of("what", Map.of("limit", call.limit()));
                                value += io.call(call.name(), request, Integer.class, asked -> calls.incrementAndGet());
                            }
                            return new Sum(value);
                        })
                        .retry(Retry.times(code.attempts())));
            }
            for (int i = 0; i + 1 < STEPS; i++) nodes.get(i).then(nodes.get(i + 1));
            for (int i = 0; i < code.unused(); i++) {
                var unused = g.node("unused" + i, (sum, io) -> sum);
                nodes.getLast().when("never" + i, sum -> sum.value() < 0, unused);
                unused.end();
            }
            if (code.unused() > 0) nodes.getLast().otherwiseEnd();
            else nodes.getLast().end();
            g.start(nodes.getFirst());
        });
    }

    private static Code generated(Random random) {
        var steps = new ArrayList<List<Call>>();
        for (int i = 0; i < STEPS; i++) {
            var step = new ArrayList<Call>();
            int size = 2 + random.nextInt(3);
            for (int c = 0; c < size; c++) step.add(new Call("call" + random.nextInt(3), random.nextInt(3)));
            steps.add(step);
        }
        return new Code(steps, 1, 3, 1);
    }

    @ParameterizedTest
    @EnumSource
    void every_edit_that_does_not_fit_is_found_and_no_other(Database database) {
        var random = new Random(20_26);
        int found = 0;
        try (var stage = new Stage(database)) {
            for (int round = 0; round < EDITS / 20; round++) {
                var code = generated(random);
                History recorded = history(stage, run(stage, code));
                int before = calls.get();
                for (int i = 0; i < 20; i++) {
                    var edit = Edit.values()[random.nextInt(Edit.values().length)];
                    var edited = code.with(edit, random);
                    var replay = TimeTravel.replay(recorded, List.of(graph(edited)), moment -> {});
                    assertThat(replay.same())
                            .as("%s of %s to %s: %s", edit, code, edited, replay.divergence())
                            .isEqualTo(edited.doesTheSameAs(code));
                    found += replay.same() ? 0 : 1;
                }
                assertThat(calls).hasValue(before);
            }
        }
        assertThat(found).isBetween(EDITS / 3, EDITS - EDITS / 6); // both kinds were there
    }

    private RunId run(Stage stage, Code code) {
        var graph = graph(code);
        var worker = stage.worker(graph);
        var run = worker.submit(graph, new Json("{\"value\":0}"));
        worker.drain();
        assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        return run;
    }
}
