package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.HealthFacts;
import dev.pawl.core.HealthFacts.Retries;
import dev.pawl.core.HealthFacts.Runs;
import dev.pawl.core.HealthFacts.Stuck;
import dev.pawl.core.HealthFacts.Table;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Health.Finding;
import dev.pawl.engine.Health.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From what was found to what is said, where a database is not needed. */
class FindingsTest {

    private static Health judge(Map<RunStatus, Integer> runs, Map<Reason, Integer> blocked, Table... tables) {
        var facts = new HealthFacts(
                0,
                Duration.ofDays(3),
                new Runs(0, true, runs, blocked, Map.of(), null),
                new Retries(0, true, 0, 0, 0, 0),
                new Stuck(List.of(), true),
                List.of(),
                List.of(),
                List.of(tables));
        return Health.of(facts, Duration.ZERO);
    }

    @Test
    void the_worst_comes_first_and_is_the_level() {
        var health = judge(Map.of(RunStatus.FAILED, 1_234, RunStatus.CANCELLED, 1), Map.of(Reason.PERMISSION, 2));
        assertThat(health.level()).isEqualTo(Level.CRITICAL);
        assertThat(health.reasons())
                .containsExactly(
                        new Finding(
                                Level.CRITICAL,
                                "1,234 of 1,235 runs of the last 3 d that have ended failed; look at: pawl list --status failed"),
                        new Finding(
                                Level.WARNING,
                                "2 runs are blocked until somebody has put it right (2 PERMISSION); look at: pawl list"
                                        + " --status blocked"));
    }

    @Test
    void as_many_failed_as_succeeded_is_not_yet_critical() {
        assertThat(judge(Map.of(RunStatus.FAILED, 5, RunStatus.SUCCEEDED, 5), Map.of())
                        .level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void waiting_for_an_approval_is_nothing_to_worry_about() {
        assertThat(judge(Map.of(), Map.of(Reason.APPROVAL, 3, Reason.POLICY, 1)).level())
                .isEqualTo(Level.HEALTHY);
    }

    @Test
    void dead_rows_count_when_there_are_many_both_in_number_and_in_share() {
        assertThat(judge(Map.of(), Map.of(), new Table("task", 1_000, 199_999)).level())
                .isEqualTo(Level.HEALTHY);
        assertThat(judge(Map.of(), Map.of(), new Table("task", 9_000_000, 800_000))
                        .level())
                .isEqualTo(Level.HEALTHY);
        assertThat(judge(Map.of(), Map.of(), new Table("task", 40_000, 812_000)).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.sentence())
                        .startsWith("Table task has 812,000 dead rows beside 40,000 live ones"));
    }
}
