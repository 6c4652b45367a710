package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Need;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailToSheetTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path mailbox;
    private Sheet sheet;

    @BeforeEach
    void mailbox() throws IOException {
        mailbox = Files.createDirectory(folder.resolve("mailbox"));
        sheet = new Sheet(folder.resolve("sheet.csv"));
    }

    private void mail(String file, String subject) throws IOException {
        Files.writeString(mailbox.resolve(file), "From: ann@x.org\nSubject: " + subject + "\n\n840 EUR\n");
    }

    private void fault(String words) throws IOException {
        Files.writeString(mailbox.resolve("fault"), words);
    }

    private Pawl open() {
        var pipeline = MailToSheet.over(mailbox, folder.resolve("sheet.csv"));
        var pawl = Pawl.open(Database.SQLITE.url(folder), pipeline);
        Pipelines.of(pawl).start(pipeline);
        return pawl;
    }

    private static void await(BooleanSupplier until) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!until.getAsBoolean() && System.nanoTime() < end) LockSupport.parkUntil(1);
        assertThat(until.getAsBoolean()).isTrue();
    }

    /** Whether so many mails and their rows are consumed, and nothing else is there. */
    private static boolean done(Pawl pawl, int mails) {
        var topics = Pipelines.of(pawl).get("mail-to-sheet").topics();
        return topics.values().stream()
                        .map(counts -> counts.getOrDefault(MessageStatus.CONSUMED, 0))
                        .toList()
                        .equals(List.of(mails, mails))
                && Pipelines.of(pawl).get("mail-to-sheet").pending() == 0;
    }

    /** Until nobody knows whether the row was appended; answers what is asked. */
    private static Need.Change unknown(Pawl pawl) {
        await(() -> !pawl.inbox(10, null).needs().isEmpty());
        await(() -> Pipelines.of(pawl).get("mail-to-sheet").reason() == Reason.INDETERMINATE);
        return (Need.Change) pawl.inbox(10, null).needs().getFirst();
    }

    @Test
    void each_mail_becomes_one_row_also_when_the_answer_is_lost() throws Exception {
        mail("1.txt", "Invoice 7");
        try (var pawl = open()) {
            await(() -> done(pawl, 1));
            fault("lose-answer");
            mail("2.txt", "Invoice 8");
            await(() -> done(pawl, 2));
            assertThat(sheet.rows()).hasSize(2);
            assertThat(sheet.rows().getLast()).contains("append-row-1", "Invoice 8", "840 EUR");
            var input = Pipelines.of(pawl).inputs("mail-to-sheet", 0, 10).getLast();
            assertThat(input.input().title()).isEqualTo("Invoice 8");
            assertThat(input.isPending()).isFalse();
        }
    }

    @Test
    void when_the_sheet_does_not_answer_either_a_person_says_what_happened() throws Exception {
        fault("lose-answer no-probe");
        mail("1.txt", "Invoice 7");
        try (var pawl = open()) {
            var change = unknown(pawl);
            assertThat(change.title()).isEqualTo("Add \"Invoice 7\" to the sheet");
            assertThat(change.key()).isEqualTo(change.run().id() + "-append-row-0");
            assertThat(change.asked()).isEqualTo(3);
            assertThat(change.problem()).isNotNull().asString().contains("The connection to the sheet broke.");
            assertThat(change.answer()).isNotNull().asString().contains("The sheet does not answer.");
            assertThat(sheet.rows()).hasSize(1);
            pawl.resolve(change.run().id(), Answer.HAPPENED, new Json("1"), "ann", "it is in the sheet");
            await(() -> done(pawl, 1));
            assertThat(sheet.rows()).hasSize(1);
            assertThat(pawl.inbox(10, null).needs()).isEmpty();
        }
    }

    @Test
    void a_person_lets_the_sheet_be_asked_again_when_it_is_back() throws Exception {
        fault("lose-answer no-probe");
        mail("1.txt", "Invoice 7");
        try (var pawl = open()) {
            var change = unknown(pawl);
            Files.delete(mailbox.resolve("fault"));
            pawl.resolve(change.run().id(), Answer.AGAIN, null, "ann", "");
            await(() -> done(pawl, 1));
            assertThat(sheet.rows()).hasSize(1);
            assertThat(pawl.run(change.run().id()).status()).isEqualTo(RunStatus.RUNNING);
        }
    }

    @Test
    void a_sheet_takes_a_key_once_and_forgets_half_a_row() throws Exception {
        assertThat(sheet.append("a", List.of("x", "say \"hi\"\nthere", ""))).isEqualTo(1);
        Files.writeString(folder.resolve("sheet.csv"), "\"b\",\"half", StandardOpenOption.APPEND);
        assertThat(sheet.find("b")).isEmpty();
        assertThat(sheet.append("b", List.of("y", "", "ü"))).isEqualTo(2);
        assertThat(sheet.rows()).containsExactly("\"a\",\"x\",\"say \"\"hi\"\" there\",\"\"", "\"b\",\"y\",\"\",\"ü\"");
        assertThat(sheet.find("b")).hasValue(2);
        assertThatThrownBy(() -> sheet.append("a", List.of("z"))).isInstanceOf(Failure.Logic.class);
    }
}
