package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Refused;
import dev.pawl.flow.Flow;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs stay with the shape of the version that they were submitted with (P7, P8). */
class ShapeTest {

    private static final Json INPUT = new Json("{}");

    private final Steps two = Steps.of(2, task -> new Json("2"));
    private final Steps three = Steps.of(3, task -> new Json("3"));
    private final Steps newer = new Steps(three.name(), "2", 3, three.how(), three.body());

    @ParameterizedTest
    @EnumSource
    void code_of_another_shape_under_the_same_version_is_kept_out_and_told_the_difference(Database database)
            throws Exception {
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(two);
            var run = client.submit(two, INPUT);
            var changed = fleet.open(three);
            assertThat(changed.misfits()).singleElement().asString().contains("it had 2 steps and now has 3");
            assertThatThrownBy(() -> changed.submit(three, INPUT))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.SHAPE_DIFFERS))
                    .hasMessageContaining("it had 2 steps and now has 3")
                    .hasMessageContaining("Give the changed code a new version.");
            assertThat(changed.run(run.id()).status()).isEqualTo(RunStatus.QUEUED);
            fleet.open(two);
            assertThat(run.await(Fleet.PATIENCE)).isEqualTo(new Json("2"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_that_the_only_worker_has_another_shape(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var run = fleet.client(two).submit(two, INPUT).id();
            var changed = fleet.open(three, three.named("steps:other"));
            assertThat(changed.explain(run))
                    .startsWith("No worker has steps:test version 1. ")
                    .contains("another shape here than in the database")
                    .contains("it had 2 steps and now has 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_new_version_runs_beside_the_old_one(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var both = fleet.open(two, newer);
            assertThat(both.misfits()).isEmpty();
            assertThat(both.submit(two, INPUT).await(Fleet.PATIENCE)).isEqualTo(new Json("2"));
            assertThat(both.submit(newer, INPUT).await(Fleet.PATIENCE)).isEqualTo(new Json("3"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void two_programs_of_one_name_and_version_are_refused_at_once(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            assertThatThrownBy(() -> fleet.open(two, two.retry(Retry.never())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Two programs are called steps:test in version 1."
                            + " Rename one, or give it another version.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_program_is_refused_with_the_known_ones(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(two);
            assertThatThrownBy(() -> pawl.submit(newer, INPUT))
                    .isInstanceOf(Refused.class)
                    .hasMessage("steps:test version 2 was not given to this Pawl when it was opened.");
            assertThatThrownBy(() -> pawl.submit("tset", INPUT, dev.pawl.engine.Submit.NOW))
                    .isInstanceOf(Refused.class)
                    .hasMessage("There is no program 'tset' here. Known: steps:test.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_flow_may_change_its_options_but_not_its_steps(Database database) throws Exception {
        var before = Flow.define("census", String.class, (f, text) -> {
            var words = f.list("words", String.class, text, t -> java.util.List.of(t.split(" ")));
            return f.step("count", Integer.class, words, java.util.List::size);
        });
        var patient = Flow.define("census", String.class, (f, text) -> {
            var words = f.list("words", String.class, text, t -> java.util.List.of(t.split(" ")))
                    .retry(Retry.times(7))
                    .timeout(Duration.ofMinutes(1));
            return f.step("count", Integer.class, words, java.util.List::size);
        });
        var other = Flow.define("census", String.class, (f, text) -> {
            var words = f.list("words", String.class, text, t -> java.util.List.of(t.split(" ")));
            var lengths = f.map("lengths", Integer.class, words, String::length);
            return f.step("count", Integer.class, lengths, java.util.List::size);
        });
        try (var fleet = new Fleet(database)) {
            fleet.client(before);
            assertThat(fleet.open(patient).submit(patient, "a b c").await(Fleet.PATIENCE))
                    .isEqualTo(3);
            assertThat(fleet.client(other).misfits())
                    .singleElement()
                    .asString()
                    .startsWith("flow:census version 1 has another shape here")
                    .contains("steps/lengths is new")
                    .contains("steps/count/sources was [\"words\"] and is now [\"lengths\"]");
            var next = other.version("2");
            assertThat(fleet.open(next).submit(next, "a b").await(Fleet.PATIENCE))
                    .isEqualTo(2);
        }
    }
}
