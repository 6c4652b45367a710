package dev.pawl.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandsTest {

    @Test
    void claims_leave_an_eighth_of_many_slots_free() {
        var hands = new Hands(64);
        assertThat(hands.takeForClaim(1_000)).isEqualTo(56);
        assertThat(hands.takeForHandOver(0, 8, 0)).isEqualTo(8);
        assertThat(hands.takeForHandOver(0, 1, 0)).isZero();
    }

    @Test
    void a_few_slots_are_all_used() {
        var hands = new Hands(4);
        assertThat(hands.takeForClaim(1_000)).isEqualTo(4);
    }

    @Test
    void a_freed_slot_goes_to_the_next_task_of_the_run() {
        var hands = new Hands(1);
        assertThat(hands.takeForClaim(1)).isEqualTo(1);
        assertThat(hands.takeForHandOver(1, 1, 0)).isEqualTo(1);
        hands.release(1);
        assertThat(hands.takeForClaim(1)).isZero();
    }

    @Test
    void while_others_wait_every_fourth_freed_slot_goes_to_a_claim() {
        var hands = new Hands(1);
        hands.takeForClaim(1);
        hands.backlog(true);
        var passed = IntStream.range(0, 8)
                .map(i -> {
                    int chosen = hands.takeForHandOver(1, 0, 1);
                    hands.release(1);
                    if (chosen == 0) hands.takeForClaim(1);
                    return chosen;
                })
                .toArray();
        assertThat(passed).containsExactly(1, 1, 1, 0, 1, 1, 1, 0);
    }

    /** Otherwise the slot would stay empty until the next poll. */
    @Test
    void a_claim_that_finds_no_free_slot_is_made_up_for_by_the_next_free_one() {
        var hands = new Hands(1);
        assertThat(hands.takeForClaim(1)).isEqualTo(1);
        assertThat(hands.backlog()).isFalse();
        assertThat(hands.takeForClaim(1)).isZero();
        assertThat(hands.backlog()).isTrue();
    }

    @Test
    void a_wide_fan_out_takes_at_most_half_of_what_is_free_beyond_the_reserve() {
        var hands = new Hands(64);
        assertThat(hands.takeForHandOver(0, 0, 1_000)).isEqualTo(28);
    }

    @Test
    void nothing_is_taken_once_closed() {
        var hands = new Hands(8);
        hands.close();
        assertThat(hands.takeForClaim(1)).isZero();
        assertThat(hands.takeForHandOver(1, 1, 1)).isZero();
        assertThat(hands.idle()).isTrue();
    }
}
