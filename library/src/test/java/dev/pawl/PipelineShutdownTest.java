package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.MessageStatus;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the work of a pipeline when its worker is told to stop. */
class PipelineShutdownTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);

    private final Gate gate = new Gate();
    private final CountDownLatch began = new CountDownLatch(1);
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    private final Pipeline pipeline = Pipeline.define(
            "send",
            p -> p.consumer("send", MAILS)
                    .prepare(
                            String.class,
                            inbox -> inbox.first()
                                    .map(mail -> Prepared.of(mail.payload(), mail))
                                    .orElse(Prepared.nothing()))
                    .mutate(Integer.class, (mail, key) -> {
                        sent.add(mail);
                        return sent.size();
                    })
                    .next((out, mail, outcome) -> {
                        if (mail == null) return;
                        began.countDown();
                        gate.pass();
                    }));

    /** Its pause after a failure is longer than the patience of the test. */
    @ParameterizedTest
    @EnumSource
    void an_activation_that_a_shutdown_interrupts_has_not_failed(Database database) throws Exception {
        var patient = pipeline.backoff(Fleet.PATIENCE.multipliedBy(2), Fleet.PATIENCE.multipliedBy(2), 5);
        try (var fleet = new Fleet(database)) {
            var stopping = fleet.worker(worker -> worker.grace(Duration.ofMillis(50)), patient);
            var run = Pipelines.of(stopping).start(patient);
            assertThat(Pipelines.of(stopping).publish(patient, MAILS, "m", "hi"))
                    .isTrue();
            began.await();
            fleet.close(stopping);

            gate.open();
            var next = fleet.open(patient);
            await().atMost(Fleet.PATIENCE)
                    .until(() -> next.messageCounts(run).equals(Map.of("MAILS", Map.of(MessageStatus.CONSUMED, 1))));
            assertThat(sent).containsExactly("hi");
            assertThat(Fleet.story(next, run)).contains("task.returned send[0]").doesNotContain("task.failed send[0]");
        }
    }
}
