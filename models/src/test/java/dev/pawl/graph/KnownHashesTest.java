package dev.pawl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownHashesTest {

    private static final RunId RUN = new RunId(1, 1);
    private static final RunId OTHER = new RunId(1, 2);
    private static final Json WHOLE = new Json("{\"a\":1}");
    private static final Json CHANGE = new Json("[{\"op\":\"replace\",\"path\":\"/a\",\"value\":2}]");

    private final KnownHashes hashes = new KnownHashes(400);

    @Test
    void a_hash_is_known_for_exactly_the_texts_it_was_made_of_and_once() {
        hashes.put(RUN, List.of(WHOLE, CHANGE), "h");
        assertThat(hashes.take(RUN, List.of(new Json("{\"a\":1}"), CHANGE))).isEqualTo("h");
        assertThat(hashes.take(RUN, List.of(WHOLE, CHANGE))).isNull();
    }

    @Test
    void what_somebody_else_committed_has_another_hash() {
        hashes.put(RUN, List.of(WHOLE, CHANGE), "h");
        assertThat(hashes.take(RUN, List.of(new Json("{\"a\":0}"), CHANGE))).isNull();
        hashes.put(RUN, List.of(WHOLE), "h");
        assertThat(hashes.take(RUN, List.of(WHOLE, CHANGE))).isNull();
        hashes.put(RUN, List.of(WHOLE), "h");
        assertThat(hashes.take(OTHER, List.of(WHOLE))).isNull();
    }

    @Test
    void the_oldest_go_when_there_is_no_room() {
        for (int run = 0; run < 100; run++) hashes.put(new RunId(2, run), List.of(text(80)), "h");
        assertThat(hashes.take(new RunId(2, 95), List.of(text(80)))).isNull();
        assertThat(hashes.take(new RunId(2, 96), List.of(text(80)))).isEqualTo("h");
        assertThat(hashes.take(new RunId(2, 99), List.of(text(80)))).isEqualTo("h");
    }

    @Test
    void one_that_would_drive_out_many_others_does_not_come_in() {
        hashes.put(RUN, List.of(WHOLE), "h");
        hashes.put(OTHER, List.of(text(100)), "h");
        assertThat(hashes.take(OTHER, List.of(text(100)))).isNull();
        assertThat(hashes.take(RUN, List.of(WHOLE))).isEqualTo("h");
    }

    /** JSON of so many characters. */
    private static Json text(int characters) {
        return new Json('"' + "x".repeat(characters - 2) + '"');
    }
}
