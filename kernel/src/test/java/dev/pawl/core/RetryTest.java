package dev.pawl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final Random random = new Random(3);

    /** P48. */
    @Test
    void the_wait_doubles_up_to_the_cap() {
        var retry = Retry.times(9)
                .base(Duration.ofSeconds(5))
                .cap(Duration.ofSeconds(60))
                .jitter(0);
        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(spent -> retry.delay(spent, random).toSeconds()))
                .containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void jitter_only_adds_and_never_more_than_its_share() {
        var retry = Retry.times(9).base(Duration.ofSeconds(10)).jitter(0.3);
        assertThat(IntStream.range(0, 1_000)
                        .mapToObj(i -> retry.delay(1, random).toMillis()))
                .allMatch(millis -> millis >= 10_000 && millis <= 13_000)
                .anyMatch(millis -> millis > 12_000)
                .anyMatch(millis -> millis < 11_000);
    }

    @Test
    void the_hundredth_wait_is_the_cap_and_not_an_overflow() {
        assertThat(Retry.times(1_000).jitter(0).delay(999, random)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void zero_attempts_are_refused_with_the_reason() {
        assertThatThrownBy(() -> Retry.times(0)).hasMessageContaining("includes the first attempt");
    }
}
