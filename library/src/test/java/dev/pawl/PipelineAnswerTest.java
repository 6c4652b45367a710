package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.exec.Verdict;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person says of an unknown outcome while workers are on their way. */
class PipelineAnswerTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);

    private final List<String> sent = new ArrayList<>();
    private final List<String> followed = new ArrayList<>();

    private final Pipeline pipeline = Pipeline.define(
            "send",
            p -> p.consumer("send", MAILS)
                    .prepare(
                            String.class,
                            inbox -> inbox.first()
                                    .map(mail -> Prepared.of(mail.payload(), mail))
                                    .orElse(Prepared.nothing()))
                    .mutate(String.class, (mail, key) -> {
                        sent.add(mail);
                        throw new IOException("no answer");
                    })
                    .next((out, mail, outcome) -> {
                        if (mail != null) followed.add(mail + " " + outcome.applied());
                    }));

    /**
     * A worker that stops hands back what it does, and that nobody knows the outcome stands only in the journal. An answer
     * that comes while the next worker finds that out must not leave the pipeline waiting for an answer.
     */
    @ParameterizedTest
    @EnumSource
    void an_answer_that_overtakes_the_question_leaves_nothing_to_wait_for(Database database) {
        try (var stage = new Stage(database);
                var person = stage.client()) {
            var worker = stage.worker(pipeline);
            var run = worker.submit(pipeline, Json.NULL);
            worker.drain();
            worker.publish(
                    run, List.of(new Plan.Publication("MAILS", "m", Payload.inline(new Json("\"hi\"")), List.of())));
            var stopped = worker.claim(1).getFirst();
            worker.attempt(stopped);
            worker.end(stopped, new Verdict.HandedBack());
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);

            var next = worker.claim(1).getFirst();
            var verdict = worker.attempt(next);
            person.resolve(run, Answer.HAPPENED, new Json("\"ok\""), "ann", "I saw it");
            worker.end(next, verdict);
            worker.drain();

            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            assertThat(sent).containsExactly("hi");
            assertThat(followed).containsExactly("hi true");
        }
    }
}
