package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunStatus;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pipeline from its producer to its last consumer. */
class PipelineTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);
    private static final Topic<Integer> ROWS = Topic.of("ROWS", Integer.class);

    private final List<String> sheet = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();

    private final Pipeline intake = Pipeline.define("intake", p -> {
        p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> {
            int from = cursor == null ? 0 : cursor;
            out.publish(MAILS, "mail-" + from, "Hello " + from);
            return from + 1;
        });
        p.consumer("append", MAILS)
                .prepare(
                        String.class,
                        inbox -> inbox.first()
                                .map(mail -> Prepared.of(mail.payload(), mail).titled("Append " + mail.id()))
                                .orElse(Prepared.nothing()))
                .mutate(Integer.class, (row, key) -> {
                    sheet.add(row + " " + key.substring(key.indexOf('-') + 1));
                    return sheet.size();
                })
                .reconcile((row, key) -> Optional.empty())
                .next((out, row, outcome) -> {
                    if (outcome.applied()) out.publish(ROWS, row, outcome.result());
                });
        p.consumer("count", ROWS)
                .prepare(
                        Integer.class,
                        inbox -> inbox.first()
                                .map(row -> Prepared.of(row.payload(), row))
                                .orElse(Prepared.nothing()))
                .next((out, row) -> {
                    if (row != null) seen.add(row);
                });
    });

    @ParameterizedTest
    @EnumSource
    void what_is_produced_is_consumed_once(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(intake);
            var run = worker.submit(intake, Json.NULL);
            worker.drain();
            assertThat(sheet).containsExactly("Hello 0 append-0");
            assertThat(seen).containsExactly(1);
            stage.pass(Duration.ofMinutes(5), worker);
            assertThat(sheet).containsExactly("Hello 0 append-0", "Hello 1 append-1");
            worker.publish(
                    run, List.of(new Plan.Publication("MAILS", "x", Payload.inline(new Json("\"X\"")), List.of())));
            worker.drain();
            assertThat(sheet).hasSize(3);
            assertThat(seen).containsExactly(1, 2, 3);
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            assertThat(stage.store.messages(new Store.MessageFilter(run, null, null, 0, 100)))
                    .allMatch(message -> message.status() == MessageStatus.CONSUMED)
                    .hasSize(6);
            assertThat(stage.story(run)).contains("message.published", "message.reserved", "message.consumed");
        }
    }
}
