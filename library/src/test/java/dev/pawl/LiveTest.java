package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trying things out: for real, and nothing is kept. */
class LiveTest {

    @Test
    void what_is_tried_out_really_happens_and_leaves_nothing_behind() throws Exception {
        List<String> done = new ArrayList<>();
        var job = Job.define(
                "try",
                Integer.class,
                Integer.class,
                (io, n) -> io.call("double", Integer.class, () -> {
                    done.add("double");
                    return n * 2;
                }));
        Path file;
        try (var pawl = Pawl.live(job)) {
            file = Path.of(pawl.store().describe().replace("SQLite ", ""));
            assertThat(file).exists();
            assertThat(pawl.submit(job, 21).await(Duration.ofSeconds(30))).isEqualTo(42);
        }
        assertThat(done).containsExactly("double");
        assertThat(Files.exists(file.getParent())).isFalse();
    }
}
