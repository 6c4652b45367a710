package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.campaign.LedgerEntry.What;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerProcessTest {

    private static final int TELLERS = 8;
    private static final int EACH = 50;

    @TempDir
    private Path folder;

    @Test
    void what_is_told_is_in_the_file_before_the_answer_and_in_one_order() throws Exception {
        try (var ledger = LedgerProcess.start(folder);
                var client = new LedgerClient(ledger.port());
                var tellers = Executors.newVirtualThreadPerTaskExecutor()) {
            var told = LedgerEntry.of(What.BEGIN, "01R", "first[0]", 2, "7-4711", "01R/first", "narrow");
            client.tell(told);
            assertThat(ledger.entries()).singleElement().satisfies(entry -> {
                assertThat(entry).isEqualTo(told.at(1, entry.at()));
                assertThat(LedgerEntry.parse(entry.toString())).isEqualTo(entry);
            });

            tellers.invokeAll(
                    IntStream.range(0, TELLERS).mapToObj(i -> teller(client)).toList());
            assertThat(ledger.entries())
                    .extracting(LedgerEntry::seq)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 1 + TELLERS * EACH)
                            .boxed()
                            .toList());
        }
    }

    private static Callable<Boolean> teller(LedgerClient client) {
        return () -> {
            for (int i = 0; i < EACH; i++) client.tell(LedgerEntry.of(What.KILLED, "7-4711"));
            return true;
        };
    }
}
