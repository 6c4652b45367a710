package dev.pawl.examples;

import dev.pawl.examples.Mailbox.Mail;
import dev.pawl.examples.Mailbox.Seen;
import dev.pawl.pipeline.Outcome;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Reconciling;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline: each mail of a mailbox becomes one row of a sheet. Real stand-ins: a folder, and a CSV file that others may
 * append to as well. When the answer of the sheet is lost nobody knows whether the row is there; then the sheet is asked, and
 * when it does not answer either, you are.
 *
 * <p>To see that, write {@code lose-answer} into a file {@code fault} in the mailbox: the row is appended, and the answer is
 * lost. With {@code no-probe} in it as well, the sheet cannot be asked.
 */
public final class MailToSheet {

    /**
     * A row that was appended.
     *
     * @param number null if a person said that it is there, and not where
     */
    record Row(@Nullable Integer number, String subject) {}

    /** What arrived. */
    record Tally(int rows, String last) {}

    static final Topic<Mail> MAILS = Topic.of("MAILS", Mail.class);
    static final Topic<Row> ROWS = Topic.of("ROWS", Row.class);

    private static final Reconciling SOON =
            Reconciling.DEFAULT.times(2).pauses(Duration.ofSeconds(1), Duration.ofSeconds(2));

    /** The pipeline over {@code mailbox/} and {@code sheet.csv} where the worker runs. */
    public static final Pipeline PIPELINE = over(Path.of("mailbox"), Path.of("sheet.csv"));

    private MailToSheet() {}

    /** The same elsewhere. */
    public static Pipeline over(Path folder, Path file) {
        var mailbox = new Mailbox(folder);
        var sheet = new Sheet(file);
        return Pipeline.define("mail-to-sheet", p -> {
            p.inputs("mailbox", "mail");

            p.producer("poll-mailbox", Every.seconds(2), Seen.class, (out, seen) -> {
                Seen last = seen;
                for (Seen found : mailbox.since(seen)) {
                    Mail mail = mailbox.read(found.file());
                    var from = out.input("mailbox", "mail", mail.id(), mail.subject());
                    out.publish(MAILS, mail.id(), mail, from); // again is no harm: its id is the same
                    last = found;
                }
                return last; // saved with the messages, or not at all
            });

            p.consumer("append-row", MAILS)
                    .prepare(
                            Mail.class,
                            inbox -> inbox.first()
                                    .map(m -> Prepared.of(m.payload(), m)
                                            .titled("Add \"" + m.payload().subject() + "\" to the sheet"))
                                    .orElse(Prepared.nothing()))
                    .mutate(Integer.class, (mail, key) -> { // at most once, whatever happens
                        int row = sheet.append(key, List.of(mail.from(), mail.subject(), mail.text()));
                        if (mailbox.has("lose-answer")) throw new IOException("The connection to the sheet broke.");
                        return row;
                    })
                    .reconcile(SOON, (mail, key) -> { // asked when nobody knows
                        if (mailbox.has("no-probe")) throw new IOException("The sheet does not answer.");
                        return sheet.find(key);
                    })
                    .next((out, mail, outcome) -> {
                        if (outcome instanceof Outcome.Applied<Integer>(Integer row))
                            out.publish(ROWS, mail.id(), new Row(row, mail.subject()));
                    });

            p.consumer("note-arrival", ROWS)
                    .prepare(
                            Row.class,
                            inbox -> inbox.first()
                                    .map(m -> Prepared.of(m.payload(), m))
                                    .orElse(Prepared.nothing()))
                    .next((out, row) -> {
                        if (row == null) return;
                        var tally = out.remembered(Tally.class).orElse(new Tally(0, ""));
                        out.remember(new Tally(tally.rows() + 1, row.subject()));
                    });
        });
    }
}
