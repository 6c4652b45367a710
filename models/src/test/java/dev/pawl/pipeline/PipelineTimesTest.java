package dev.pawl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineTimesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT5S, PT30S",
        "PT-1H, PT30S",
        "PT29.999S, PT30S",
        "PT30S, PT30S",
        "PT10M, PT10M",
        "PT24H, PT24H",
        "PT24H0.001S, PT24H",
        "PT72H, PT24H"
    })
    void k45_a_wish_is_moved_into_the_limits(Duration wanted, Duration given) {
        assertThat(Limits.DEFAULT.wake(NOW, NOW.plus(wanted))).isEqualTo(NOW.plus(given));
    }

    @Test
    void k45_no_wish_is_too_far_away() {
        assertThat(Limits.DEFAULT.wake(NOW, Instant.MAX)).isEqualTo(NOW.plus(Duration.ofDays(1)));
        assertThat(Limits.DEFAULT.wake(NOW, Instant.MIN)).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void k36_pauses_double_up_to_ten_minutes() {
        assertThat(IntStream.rangeClosed(1, 8)
                        .mapToObj(n -> Backoff.after(n, Limits.DEFAULT.pause(), Limits.DEFAULT.longestPause())
                                .toSeconds()))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L);
        assertThat(Backoff.after(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofMinutes(10)))
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(Backoff.after(Integer.MAX_VALUE, Duration.ZERO, Duration.ofMinutes(10)))
                .isZero();
    }

    @Test
    void limits_that_cannot_be_are_refused() {
        var pipeline = Lines.of("p");
        assertThatThrownBy(() -> pipeline.wakes(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                .hasMessageContaining("the first must not be longer");
        assertThatThrownBy(() -> pipeline.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), 5))
                .hasMessageContaining("pauses must not shrink");
        assertThatThrownBy(() -> pipeline.backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), -1))
                .hasMessageContaining("none may be negative");
        assertThatThrownBy(() -> pipeline.timeout(Duration.ZERO)).hasMessageContaining("PT0S");
    }
}
