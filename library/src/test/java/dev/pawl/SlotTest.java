package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At most one open run has a slot. */
class SlotTest {

    private static final int ROUNDS = 150;

    private final Steps program = Steps.of(1, task -> Json.NULL);

    @ParameterizedTest
    @EnumSource
    void a_slot_is_taken_by_one_and_free_when_that_ends(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.client(program);
            var how = Submit.NOW.slot("one");
            var first = pawl.submit(program, Json.NULL, how).id();
            assertThatThrownBy(() -> pawl.submit(program, Json.NULL, how))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.SLOT_TAKEN))
                    .hasMessageContaining("'one'")
                    .hasMessageContaining(first.toString());
            assertThat(pawl.inSlot("one").orElseThrow().id()).isEqualTo(first);
            pawl.cancel(first, "ann", "");
            assertThat(pawl.inSlot("one")).isEmpty();
            assertThat(pawl.submit(program, Json.NULL, how).id()).isNotEqualTo(first);
        }
    }

    /** Whoever is refused asks who has the slot, and at that very moment nobody may. */
    @ParameterizedTest
    @EnumSource
    void a_slot_that_changes_hands_all_the_time_is_granted_or_refused(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawls = List.of(fleet.client(program), fleet.client(program), fleet.client(program));
            var granted = new ArrayList<Future<Integer>>();
            try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Pawl pawl : pawls) for (int i = 0; i < 3; i++) granted.add(people.submit(() -> fight(pawl)));
            }
            int all = 0;
            for (var each : granted) all += each.get();
            assertThat(all).isPositive();
            assertThat(pawls.getFirst().inSlot("contested")).isEmpty();
        }
    }

    private int fight(Pawl pawl) {
        int granted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try {
                var run = pawl.submit(program, Json.NULL, Submit.NOW.slot("contested"))
                        .id();
                pawl.cancel(run, "", "");
                granted++;
            } catch (Refused taken) {
                assertThat(taken.why()).isEqualTo(Refused.Why.SLOT_TAKEN);
            }
        }
        return granted;
    }
}
