package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunStatus;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an activation that is under way when a person holds its pipeline. */
class PipelineHeldTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);

    private final Gate gate = new Gate();
    private final CountDownLatch began = new CountDownLatch(1);
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    /** Nobody can be asked whether a mail was sent. */
    private final Pipeline pipeline = Pipeline.define(
            "send",
            p -> p.consumer("send", MAILS)
                    .prepare(String.class, inbox -> {
                        var mail = inbox.first();
                        if (mail.isEmpty()) return Prepared.nothing();
                        began.countDown();
                        gate.pass();
                        return Prepared.of(mail.get().payload(), mail.get());
                    })
                    .mutate(Integer.class, (mail, key) -> {
                        sent.add(mail);
                        return sent.size();
                    }));

    @ParameterizedTest
    @EnumSource
    void who_holds_a_pipeline_while_it_prepares_is_not_asked_about_a_change_that_never_began(Database database)
            throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(pipeline);
            var run = Pipelines.of(pawl).start(pipeline);
            Pipelines.of(pawl).publish(pipeline, MAILS, "m", "hi");
            began.await();
            pawl.pause(run, "ann", "");
            gate.open();
            await().atMost(Fleet.PATIENCE).until(() -> Fleet.story(pawl, run).contains("task.returned send[0]"));
            assertThat(pawl.messageCounts(run)).isEqualTo(Map.of("MAILS", Map.of(MessageStatus.RESERVED, 1)));
            assertThat(sent).isEmpty();

            pawl.resume(run, "ann", "");
            await().atMost(Fleet.PATIENCE)
                    .until(() -> pawl.messageCounts(run).equals(Map.of("MAILS", Map.of(MessageStatus.CONSUMED, 1)))
                            || pawl.find(run).orElseThrow().status() == RunStatus.BLOCKED);
            assertThat(pawl.find(run).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
            assertThat(sent).containsExactly("hi");
        }
    }
}
