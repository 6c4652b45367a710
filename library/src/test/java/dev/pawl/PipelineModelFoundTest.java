package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Refused;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Message;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lives made by chance have found, one by one. */
class PipelineModelFoundTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);
    private static final Topic<String> FILES = Topic.of("FILES", String.class);

    private final List<String> seen = new ArrayList<>();

    private static Prepared<String> first(Inbox<String> inbox, Predicate<Message<String>> wanted) {
        return inbox.peek().stream()
                .filter(wanted)
                .findFirst()
                .map(one -> Prepared.of(one.payload(), one))
                .orElse(Prepared.nothing());
    }

    private static void publish(HandDriven worker, RunId run, Topic<?> topic, String id) {
        int fresh = worker.publish(
                run, List.of(new Plan.Publication(topic.name(), id, Payload.inline(Stage.json(id)), List.of())));
        assertThat(fresh).isEqualTo(1);
    }

    private static List<String> messages(Stage stage, RunId run) {
        return stage.store.messages(new Store.MessageFilter(run, null, null, 0, 100)).stream()
                .map(message -> message.id() + " " + message.status() + " " + message.reservedBy())
                .toList();
    }

    private Pipeline changing(Predicate<String> fails) {
        return Pipeline.define("changing", p -> {
            p.consumer("append", MAILS)
                    .prepare(String.class, inbox -> first(inbox, any -> true))
                    .mutate(String.class, (data, key) -> {
                        throw new Failure.Timeout("No answer.");
                    });
            p.consumer("other", FILES).prepare(String.class, inbox -> {
                if (fails.test("now")) throw new Failure.Logic("A bug.");
                return first(inbox, any -> true);
            });
        });
    }

    /** The reservation of a change of which nobody knows stays, and next is not told that nothing was changed. */
    @ParameterizedTest
    @EnumSource
    void a_version_without_the_change_does_not_forget_it(Database database) {
        var old = changing(any -> false);
        var without = Pipeline.define("changing", p -> {
                    p.consumer("append", MAILS)
                            .prepare(String.class, inbox -> first(inbox, any -> true))
                            .next((out, data) -> seen.add(data));
                    p.consumer("other", FILES).prepare(String.class, inbox -> first(inbox, any -> true));
                })
                .version("2");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old, without);
            var run = worker.submit(old, Json.NULL);
            publish(worker, run, MAILS, "m");
            worker.claim(1).forEach(worker::attempt); // and dies after the call
            worker.takeOver(run, without);
            stage.pass(Duration.ofSeconds(10), worker);
            assertThat(seen).isEmpty();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(messages(stage, run)).containsExactly("m RESERVED append");

            worker.resolve(stage.store.undecided(run).getFirst(), EffectStatus.APPLIED, Stage.json("done"));
            worker.drain();
            assertThat(seen).containsExactly("m");
            assertThat(messages(stage, run)).containsExactly("m CONSUMED append");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_reads_a_topic_hears_of_what_another_released(Database database) {
        var pipeline = Pipeline.define("leaving", p -> {
            p.consumer("append", MAILS)
                    .prepare(String.class, inbox -> first(inbox, mail -> mail.delivery() == 1))
                    .mutate(String.class, (data, key) -> {
                        throw new Failure.RateLimited("Not now.", Duration.ofHours(1));
                    });
            p.consumer("rival", MAILS)
                    .prepare(String.class, inbox -> first(inbox, mail -> mail.delivery() > 1))
                    .next((out, data) -> seen.add(String.valueOf(data)));
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(pipeline);
            var run = worker.submit(pipeline, Json.NULL);
            publish(worker, run, MAILS, "m");
            var append = worker.claim(1).getFirst();
            assertThat(append.task().key().name()).isEqualTo("append");
            var failed = worker.attempt(append);
            worker.drain(); // rival looks, and finds it taken
            assertThat(worker.end(append, failed)).isTrue();
            worker.drain();
            assertThat(messages(stage, run)).containsExactly("m CONSUMED rival");
            assertThat(seen).contains("m");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_an_ending_creates_belongs_to_the_version_that_takes_over_beside_it(Database database) {
        var old = changing(any -> false);
        var fresh = old.version("2");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old, fresh);
            var run = worker.submit(old, Json.NULL);
            publish(worker, run, FILES, "f");
            var claim = worker.claim(1).getFirst();
            var ending = worker.ending(claim, worker.attempt(claim));
            worker.commit(List.<Entry>of(ending, worker.migration(run, fresh)));

            var onlyNew = stage.worker(fresh);
            publish(onlyNew, run, FILES, "g");
            onlyNew.drain();
            assertThat(messages(stage, run)).containsExactly("f CONSUMED other", "g CONSUMED other");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_repaired_version_takes_over_while_another_change_is_unknown(Database database) {
        var broken = changing(any -> true);
        var repaired = changing(any -> false).version("2");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(broken, repaired);
            var run = worker.submit(broken, Json.NULL);
            publish(worker, run, FILES, "f");
            publish(worker, run, MAILS, "m");
            var claims = worker.claim(2);
            claims.stream()
                    .sorted((a, b) ->
                            b.task().key().name().compareTo(a.task().key().name())) // other first
                    .forEach(claim ->
                            assertThat(worker.end(claim, worker.attempt(claim))).isTrue());
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.REPAIR);

            worker.takeOver(run, repaired);
            assertThat(worker.details(run).version()).isEqualTo("2");
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(stage.problem(run).message()).contains("pawl resolve");
            worker.resolve(stage.store.undecided(run).getFirst(), EffectStatus.SKIPPED, null);
            worker.drain();
            assertThat(messages(stage, run)).containsExactly("f CONSUMED other", "m SKIPPED append");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_said_of_a_run_that_was_cancelled_meanwhile(Database database) {
        var pipeline = changing(any -> false);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(pipeline);
            var run = worker.submit(pipeline, Json.NULL);
            publish(worker, run, MAILS, "m");
            worker.drain();
            var undecided = stage.store.undecided(run).getFirst();
            worker.command(run, Entry.Verb.CANCEL);
            var story = stage.story(run);
            assertThatThrownBy(() -> worker.resolve(undecided, EffectStatus.FAILED, null))
                    .isInstanceOf(Refused.class);
            assertThat(stage.story(run)).isEqualTo(story);
            assertThat(stage.effects(run, "append", 0).getLast().status()).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(messages(stage, run)).containsExactly("m " + MessageStatus.RESERVED + " append");
        }
    }
}
