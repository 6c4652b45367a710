package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lives of pipelines made by chance, checked after each step against what the journals and the other system's ledger say.
 * More of them: {@code -Dpawl.model.seeds=5000}; another beginning: {@code -Dpawl.model.from=5000}.
 */
class PipelineModelTest {

    private static final int SEEDS = Integer.getInteger("pawl.model.seeds", 50);
    private static final int FROM = Integer.getInteger("pawl.model.from", 0);
    private static final int STEPS = 45;

    @ParameterizedTest
    @EnumSource
    void a_pipeline_keeps_its_promises_whatever_happens(Database database) {
        var tally = new PipelineModelPlay.Tally(new TreeMap<>());
        try (var stage = new Stage(database)) {
            for (int seed = FROM; seed < FROM + SEEDS; seed++) check(stage, seed, tally);
        }
        assertThat(tally.times())
                .containsKeys("died", "meanwhile", "came late", "came too late", "ended together", "Blocked", "Parked");
    }

    private static void check(Stage stage, int seed, PipelineModelPlay.Tally tally) {
        var play = new PipelineModelPlay(stage, seed, tally);
        try {
            play.live(STEPS);
            play.heal();
        } catch (AssertionError | RuntimeException broken) {
            throw shortest(stage, seed, play, broken);
        }
    }

    /** Steps break a promise as soon as they can; the end may already be out of reach after fewer. */
    private static AssertionError shortest(Stage stage, int seed, PipelineModelPlay whole, Throwable broken) {
        var tally = new PipelineModelPlay.Tally(new TreeMap<>());
        for (int steps = 0; steps < STEPS; steps++) {
            var play = new PipelineModelPlay(stage, seed, tally);
            try {
                play.live(steps);
                play.heal();
            } catch (AssertionError | RuntimeException sooner) {
                return failure(seed, play, sooner);
            }
        }
        return failure(seed, whole, broken);
    }

    private static AssertionError failure(int seed, PipelineModelPlay play, Throwable why) {
        return new AssertionError(
                "Seed " + seed + ":\n" + String.join("\n", play.story) + "\n" + why.getMessage(), why);
    }
}
