package dev.pawl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    /** K17. */
    @ParameterizedTest
    @CsvSource({
        "1, 10",
        "2, 20",
        "3, 40",
        "4, 80",
        "5, 160",
        "6, 320",
        "7, 600",
        "8, 600",
        "1000, 600",
        "2147483647, 600"
    })
    void k17_pauses_double_up_to_the_longest(int asked, int seconds) {
        assertThat(Reconciling.DEFAULT.pause(asked)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(Backoff.after(asked, Limits.DEFAULT.pause(), Limits.DEFAULT.longestPause()))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    /** K17. */
    @Test
    void k17_other_pauses_are_kept_to() {
        var how = Reconciling.DEFAULT.pauses(Duration.ofSeconds(3), Duration.ofSeconds(7));
        assertThat(how.pause(1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(how.pause(2)).isEqualTo(Duration.ofSeconds(6));
        assertThat(how.pause(3)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void the_longest_pauses_do_not_overflow() {
        var longest = Duration.ofMillis(Long.MAX_VALUE);
        assertThat(Backoff.after(100, Duration.ofDays(365), longest)).isPositive();
    }

    @Test
    void no_pause_stays_none() {
        assertThat(Backoff.after(9, Duration.ZERO, Duration.ofMinutes(1))).isZero();
    }
}
