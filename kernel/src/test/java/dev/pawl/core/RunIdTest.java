package dev.pawl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunIdTest {

    private final AtomicLong clock = new AtomicLong(1_750_000_000_000L);
    private final RunIds ids = new RunIds(clock::get, new Random(7));

    @Test
    void an_id_survives_text_and_bytes() {
        var id = ids.next();
        assertThat(RunId.parse(id.toString())).isEqualTo(id);
        assertThat(RunId.of(id.bytes())).isEqualTo(id);
        assertThat(id.toString()).hasSize(26).matches("[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(id.createdAt()).isEqualTo(clock.get());
    }

    /** O13. */
    @Test
    void lower_case_is_accepted_and_other_letters_are_not() {
        var id = ids.next();
        assertThat(RunId.parse(id.toString().toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo(id);
        for (String wrong : new String[] {"I", "L", "O", "U", "-", "é"}) {
            assertThatThrownBy(() -> RunId.parse("0" + wrong + id.toString().substring(2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("position 2");
        }
        assertThatThrownBy(() -> RunId.parse("01ARZ3")).hasMessageContaining("6 characters");
        assertThatThrownBy(() -> RunId.parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")).hasMessageContaining("128 bits");
    }

    @Test
    void ids_grow_within_a_millisecond_and_when_the_clock_steps_back() {
        var made = IntStream.range(0, 10_000)
                .mapToObj(i -> {
                    if (i % 100 == 0) clock.addAndGet(i % 200 == 0 ? 1 : -1);
                    return ids.next();
                })
                .toList();
        assertThat(made).isSorted().doesNotHaveDuplicates();
        assertThat(made.stream().map(RunId::toString).toList()).isSorted();
    }

    @Test
    void the_first_id_of_a_time_is_not_after_any_id_of_that_time() {
        var id = ids.next();
        assertThat(RunId.firstAt(id.createdAt())).isLessThanOrEqualTo(id);
        assertThat(RunId.firstAt(id.createdAt() + 1)).isGreaterThan(id);
    }
}
