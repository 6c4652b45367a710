package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EveryTextTest {

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "5m, PT5M", "1h, PT1H", "1d, PT24H", "36500d, PT876000H"})
    void k51_a_number_and_a_unit_is_an_interval(String text, Duration interval) {
        assertThat(Every.of(text)).isEqualTo(new Every(interval));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5x", "-5m", "1.5h", "", " 5m", "5 m", "5M", "m", "1h30m", "99999999999999999999s"})
    void k51_anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Every.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "There is the interval \"%s\": it must be a whole number and one of the units s, m, h and d, such as 30s, 5m, 1h or 1d.",
                        text);
    }

    @Test
    void k51_an_interval_has_its_limits_as_text_too() {
        assertThatThrownBy(() -> Every.of("0s")).hasMessage("There is an interval PT0S: it must be at least 1 second.");
        assertThatThrownBy(() -> Every.of("9999999999d")).hasMessageContaining("it must be at most 100 years.");
    }
}
