package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.engine.Pawl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CarefulTest {

    @ParameterizedTest
    @EnumSource
    void it_counts_text_after_text_and_takes_nothing_without_one(Database database, @TempDir Path folder)
            throws Exception {
        try (var pawl = Pawl.open(database.url(folder), Careful.GRAPH)) {
            var run = pawl.submit(Careful.GRAPH, new Careful.Tally(List.of("a b c", "d e"), 0));
            assertThat(run.await(Duration.ofSeconds(20))).isEqualTo(new Careful.Tally(List.of(), 5));
            assertThat(pawl.run(run.id()).run().deadlineAt()).isNotNull();
            assertThatThrownBy(() -> pawl.submit(Careful.GRAPH, new Careful.Tally(List.of(), 0)))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("The input of graph \"careful\" does not fit its schema: ");
        }
    }
}
