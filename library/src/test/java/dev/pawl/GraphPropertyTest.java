package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Verdict;
import dev.pawl.graph.Hashing;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Program;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs made by chance, on workers that die by chance, end as an oracle without any engine says. */
class GraphPropertyTest {

    private static final int GRAPHS = 120;
    private static final TypeRef<RandomGraph.State> STATE = TypeRef.of(RandomGraph.State.class);

    private enum Fate {
        SUCCEEDED,
        LOST,
        ENDLESS
    }

    private int deaths;
    private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);

    @ParameterizedTest
    @EnumSource
    void a_random_graph_ends_as_foretold_whoever_dies(Database database) {
        try (var stage = new Stage(database)) {
            for (int seed = 0; seed < GRAPHS; seed++) {
                var random = new SplittableRandom(seed);
                check(stage, RandomGraph.of(random), seed, random);
            }
        }
        assertThat(deaths).isGreaterThan(GRAPHS);
        assertThat(fates.values())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count).isGreaterThan(10));
    }

    private void check(Stage stage, RandomGraph random, int seed, SplittableRandom chance) {
        var ledger = new RandomGraph.Ledger();
        var graph =
                random.graph("random" + seed, ledger).hashing(chance.nextInt(3) == 0 ? Hashing.TWICE : Hashing.CHAINED);
        long input = chance.nextInt(1_000);
        String pad = chance.nextBoolean() ? "" : "p".repeat(3_000);
        var foretold = random.foretold(input);
        var run = stage.worker(graph).submit(graph, graph.encode(new RandomGraph.State(input, List.of(), pad)));
        var killed = new Killing(stage, graph, chance).untilTheEnd(run);
        String what = "seed " + seed + " " + random;

        var steps = Evidence.of(stage, run);
        assertThat(steps)
                .as(what)
                .extracting(Evidence::node)
                .isEqualTo(foretold.path().stream().map(at -> "n" + at).toList());
        assertThat(ledger.times.values()).as(what).hasSize(foretold.changes()).allMatch(times -> times == 1);
        assertThat(ledger.calls).as(what).isBetween(foretold.calls(), foretold.calls() + killed * 3);
        var fate = foretold.problem() == null
                ? Fate.SUCCEEDED
                : foretold.problem().startsWith("There") ? Fate.LOST : Fate.ENDLESS;
        fates.merge(fate, 1, Integer::sum);
        switch (fate) {
            case SUCCEEDED -> {
                assertThat(stage.status(run)).as(what).isEqualTo(RunStatus.SUCCEEDED);
                assertThat(Codec.STANDARD.read(stage.worker(graph).output(run), STATE, "The output"))
                        .as(what)
                        .isEqualTo(new RandomGraph.State(foretold.value(), foretold.path(), pad));
            }
            case LOST, ENDLESS -> {
                assertThat(stage.status(run)).as(what).isEqualTo(RunStatus.FAILED);
                assertThat(stage.problem(run).message()).as(what).contains(foretold.problem());
            }
        }
        deaths += killed;
    }

    /** Two workers, of which one dies now and then: before its end is written, or so late that another has gone on. */
    private static final class Killing {
        private final Stage stage;
        private final Program program;
        private final SplittableRandom chance;
        private final List<Late> late = new ArrayList<>();
        private int deaths;
        private int inARow;

        /** Somebody who does not know yet that they have lost their lease. */
        private record Late(HandDriven worker, Tx.Claim claim, Verdict verdict) {}

        Killing(Stage stage, Program program, SplittableRandom chance) {
            this.stage = stage;
            this.program = program;
            this.chance = chance;
        }

        /** Answers how often somebody died. */
        int untilTheEnd(RunId run) {
            var workers = new ArrayList<>(List.of(stage.worker(program), stage.worker(program)));
            for (int turns = 0; !stage.status(run).terminal(); turns++) {
                assertThat(turns).as("turns").isLessThan(200);
                int who = chance.nextInt(2);
                var worker = workers.get(who);
                for (Tx.Claim claim : worker.claim(1)) {
                    var verdict = worker.attempt(claim);
                    if (inARow < 2 && chance.nextInt(4) == 0) {
                        deaths++;
                        inARow++;
                        if (chance.nextBoolean()) late.add(new Late(worker, claim, verdict));
                        workers.set(who, stage.worker(program));
                        stage.clock.advance(Duration.ofSeconds(10));
                    } else {
                        inARow = 0;
                        assertThat(worker.end(claim, verdict)).isTrue();
                    }
                }
                if (chance.nextInt(3) == 0) comeLate();
            }
            comeLate();
            return deaths;
        }

        /** Another worker may not have claimed the task yet: then it still counts, and else it does not. */
        private void comeLate() {
            for (Late one : late) {
                var task = stage.store
                        .tasks(
                                one.claim.task().key().run(),
                                one.claim.task().key().name(),
                                one.claim.task().key().index(),
                                1)
                        .getFirst()
                        .task();
                boolean lost = task.attempt() != one.claim.task().attempt();
                assertThat(one.worker.end(one.claim, one.verdict)).isEqualTo(!lost);
            }
            late.clear();
        }
    }
}
