package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionsTest {

    @TempDir
    private Path folder;

    @Test
    void an_intent_is_known_without_its_acknowledgement_and_with_each_of_them() throws Exception {
        var file = folder.resolve("submissions");
        var journal = new Submissions(file);
        journal.intended("k1", "flow:wide", "20");
        journal.intended("k2", "flow:three-steps", "x");
        journal.acknowledged("k2", "01A");
        journal.acknowledged("k2", "01B");

        assertThat(Submissions.in(file))
                .containsExactly(
                        new Submission("k1", "flow:wide", "20", List.of()),
                        new Submission("k2", "flow:three-steps", "x", List.of("01A", "01B")));
    }
}
