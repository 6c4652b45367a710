package dev.pawl.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadsTest {

    private static final RunId RUN = new RunId(1, 2);

    @TempDir
    Path folder;

    private Payloads payloads() {
        return new Payloads(new ArtifactFolder(folder), new Payloads.Limits(100, 1_000));
    }

    private static Json text(int bytes) {
        return new Json('"' + "x".repeat(bytes - 2) + '"');
    }

    @Test
    void what_fits_sits_in_the_row_and_the_next_byte_does_not() {
        assertThat(payloads().keep(RUN, "it", text(100)).isArtifact()).isFalse();
        var kept = payloads().keep(RUN, "it", text(101));
        assertThat(kept.isArtifact()).isTrue();
        assertThat(payloads().load(kept)).isEqualTo(text(101));
    }

    @Test
    void bytes_count_and_not_characters() {
        var euros = new Json('"' + "€".repeat(40) + '"');
        assertThat(payloads().keep(RUN, "it", euros).isArtifact()).isTrue();
        assertThat(payloads().load(payloads().keep(RUN, "it", euros))).isEqualTo(euros);
    }

    @Test
    void what_is_over_the_hard_limit_is_refused_with_a_way_out() {
        assertThatThrownBy(() -> payloads().keep(RUN, "The output of task a[0]", text(1_001)))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("The output of task a[0] has 1,001 bytes; the limit is 1,000")
                .hasMessageContaining("pass a reference");
    }

    @Test
    void a_changed_artifact_is_noticed() throws Exception {
        var kept = payloads().keep(RUN, "it", text(200));
        Files.writeString(folder.resolve(kept.reference()), "other");
        assertThatThrownBy(() -> payloads().load(kept))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("hash differs");
    }

    @Test
    void a_run_takes_its_artifacts_with_it() {
        var kept = payloads().keep(RUN, "it", text(200));
        payloads().delete(RUN);
        payloads().delete(RUN);
        assertThatThrownBy(() -> payloads().load(kept)).hasMessageContaining("is missing");
    }
}
