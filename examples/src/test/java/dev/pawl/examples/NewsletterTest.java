package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Pawl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NewsletterTest {

    @ParameterizedTest
    @EnumSource
    void each_reader_gets_the_text_once(Database database, @TempDir Path folder) throws Exception {
        try (var stub = StubModel.start()) {
            var flow = Newsletter.at(stub.url(), StubModel.HTTP);
            try (var pawl = Pawl.open(database.url(folder), flow)) {
                var run = pawl.submit(flow, new Newsletter.Issue("ratchets", List.of("ann@x.org", "bob@x.org")));
                assertThat(run.await(Duration.ofSeconds(20)))
                        .containsExactly("mail-" + run.id() + "-send-0-0", "mail-" + run.id() + "-send-1-0");
            }
            assertThat(stub.calls()).containsExactly("/draft", "/mails", "/mails");
            assertThat(stub.changes().values())
                    .containsExactlyInAnyOrder(
                            "/mails {\"to\":\"ann@x.org\",\"text\":\"Thank you for your letter (ratchets), draft 2.\"}",
                            "/mails {\"to\":\"bob@x.org\",\"text\":\"Thank you for your letter (ratchets), draft 2.\"}");
        }
    }
}
