package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.CaughtUp;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Refused;
import dev.pawl.exec.Verdict;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Who follows a run and was away for long knows afterwards what the server knows. */
class PipelineModelCatchUpTest {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);
    private static final int SEEDS = 6;

    private SplittableRandom chance = new SplittableRandom(0);

    private final Pipeline pipeline = Pipeline.define(
            "followed",
            p -> p.consumer("append", MAILS)
                    .prepare(
                            String.class,
                            inbox -> inbox.first()
                                    .map(mail -> Prepared.of(mail.payload(), mail))
                                    .orElse(Prepared.nothing()))
                    .mutate(String.class, (data, key) -> {
                        switch (chance.nextInt(8)) {
                            case 1 -> throw new Failure.RateLimited("Later.", Duration.ofSeconds(1));
                            case 2 -> throw new Failure.Timeout("No answer.");
                            case 3 -> throw new Failure.Permission("Not yours.");
                            default -> {}
                        }
                        return key;
                    })
                    .reconcile((data, key) -> java.util.Optional.of(key)));

    /** What can be told of a run: by its events, or by the database. */
    private record State(RunStatus run, Map<String, TaskStatus> tasks, Map<MessageStatus, Integer> messages) {}

    /** Somebody who follows a run, and knows no more than they were told. */
    private static final class Client {
        private final Pawl pawl;
        private final RunId run;
        private final Map<String, TaskStatus> tasks = new TreeMap<>();
        private final Map<MessageStatus, Integer> messages = new EnumMap<>(MessageStatus.class);
        private RunStatus status = RunStatus.QUEUED;
        private int seq;
        private int newest;
        private int snapshots;

        Client(Pawl pawl, RunId run) {
            this.pawl = pawl;
            this.run = run;
        }

        State state() {
            return new State(status, Map.copyOf(tasks), Map.copyOf(messages));
        }

        /** Asks until there is nothing more. */
        void follow(int page) {
            for (var missed = pawl.catchUp(run, seq, page);
                    missed.seq() != seq;
                    missed = pawl.catchUp(run, seq, page)) {
                if (missed instanceof CaughtUp.Snapshot snapshot) begin(snapshot);
                missed.events().forEach(this::apply);
                assertThat(seq).isEqualTo(missed.seq());
            }
        }

        private void begin(CaughtUp.Snapshot snapshot) {
            snapshots++;
            status = snapshot.run().status();
            seq = snapshot.run().run().seq();
            newest = snapshot.run().run().family().mail();
            tasks.clear();
            messages.clear();
            tasks.putAll(begun(snapshot.open()));
            messages.putAll(totals(snapshot.messages()));
        }

        private void apply(Event event) {
            assertThat(event.seq()).isEqualTo(++seq);
            switch (event.kind()) {
                case "run.started", "run.resumed" -> status = RunStatus.RUNNING;
                case "run.paused" -> status = RunStatus.PAUSED;
                case "run.blocked" -> status = RunStatus.BLOCKED;
                case "run.cancelled" -> status = RunStatus.CANCELLED;
                case "task.started" -> tasks.put(event.task(), TaskStatus.RUNNING);
                case "task.lost", "task.returned", "task.parked" -> tasks.put(event.task(), TaskStatus.READY);
                case "task.succeeded", "task.failed" -> tasks.remove(event.task());
                case "task.cancelled" -> tasks.keySet().removeIf(label -> label.startsWith(event.task() + "["));
                case "message.published" ->
                    numbers(event).stream().filter(number -> number > newest).forEach(number -> {
                        newest = number;
                        move(null, MessageStatus.PENDING);
                    });
                case "message.reserved" ->
                    numbers(event).forEach(any -> move(MessageStatus.PENDING, MessageStatus.RESERVED));
                case "message.consumed" ->
                    numbers(event).forEach(any -> move(MessageStatus.RESERVED, MessageStatus.CONSUMED));
                case "message.released" ->
                    numbers(event).forEach(any -> move(MessageStatus.RESERVED, MessageStatus.PENDING));
                default -> {}
            }
        }

        private void move(MessageStatus from, MessageStatus to) {
            if (from != null) messages.computeIfPresent(from, (any, count) -> count == 1 ? null : count - 1);
            messages.merge(to, 1, Integer::sum);
        }

        private static List<Integer> numbers(Event event) {
            var numbers = new ArrayList<Integer>();
            for (JsonNode one : Codec.STANDARD.tree(event.data()).get("messages")) numbers.add(one.asInt());
            return numbers;
        }
    }

    /** Those that somebody has begun: the others have no event yet. */
    private static Map<String, TaskStatus> begun(List<TaskDetails> open) {
        var tasks = new TreeMap<String, TaskStatus>();
        open.stream()
                .map(TaskDetails::task)
                .filter(task -> task.worker() != null)
                .forEach(task -> tasks.put(task.key().label(), task.status()));
        return tasks;
    }

    private static Map<MessageStatus, Integer> totals(Map<String, Map<MessageStatus, Integer>> topics) {
        var totals = new EnumMap<MessageStatus, Integer>(MessageStatus.class);
        topics.values().forEach(counts -> counts.forEach((status, count) -> totals.merge(status, count, Integer::sum)));
        return totals;
    }

    private static State server(Stage stage, RunId run) {
        return new State(
                stage.status(run), begun(stage.store.openTasks(run, 100)), totals(stage.store.messageCounts(run)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("X11: who was away while the history was trimmed knows in the end what the server knows")
    void x11_who_was_away_while_the_history_was_trimmed_knows_what_the_server_knows(Database database) {
        int snapshots = 0;
        int tails = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            chance = new SplittableRandom(seed);
            try (var stage = new Stage(database);
                    var pawl = stage.client(pipeline)) {
                var worker = stage.worker(pipeline);
                var run = worker.submit(pipeline, Json.NULL);
                var stays = new Client(pawl, run);
                var leaves = new Client(pawl, run);
                for (int step = 0; step < 60; step++) {
                    live(stage, worker, run, step);
                    stays.follow(3);
                    assertThat(stays.state())
                            .as("seed " + seed + " step " + step)
                            .isEqualTo(server(stage, run));
                    if (chance.nextInt(8) == 0) {
                        stage.clock.advance(Duration.ofSeconds(1));
                        stage.store.writes(tx ->
                                assertThat(tx.trim(stage.clock.now(), 2_500)).isNotNegative());
                    }
                    if (chance.nextInt(10) != 0) continue;
                    int before = leaves.snapshots;
                    leaves.follow(1 + chance.nextInt(20));
                    if (leaves.snapshots == before) tails++;
                    assertThat(leaves.state())
                            .as("seed " + seed + " step " + step)
                            .isEqualTo(server(stage, run));
                }
                worker.command(run, Entry.Verb.CANCEL);
                stays.follow(100);
                leaves.follow(100);
                assertThat(stays.snapshots)
                        .as("who never left needs no snapshot")
                        .isZero();
                assertThat(leaves.state()).isEqualTo(stays.state()).isEqualTo(server(stage, run));
                snapshots += leaves.snapshots;
            }
        }
        assertThat(snapshots).isGreaterThan(SEEDS / 2);
        assertThat(tails).isGreaterThan(SEEDS / 2);
    }

    private void live(Stage stage, HandDriven worker, RunId run, int step) {
        switch (chance.nextInt(8)) {
            case 0, 1 -> {
                var message = new Plan.Publication(
                        "MAILS", "m" + chance.nextInt(step + 1), Payload.inline(Stage.json("x")), List.of());
                int unused = worker.publish(run, List.of(message));
            }
            case 2 -> {
                var unused = worker.claim(1);
            }
            case 3 -> {
                if (stage.status(run) == RunStatus.RUNNING) worker.command(run, Entry.Verb.PAUSE);
            }
            case 4 -> stage.clock.advance(Duration.ofSeconds(20));
            default -> {
                if (stage.status(run).held()) worker.command(run, Entry.Verb.RESUME);
                for (var claim : worker.claim(1)) {
                    Verdict verdict = worker.attempt(claim);
                    assertThat(worker.end(claim, verdict)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_knows_more_than_there_is_begins_anew(Database database) {
        try (var stage = new Stage(database);
                var pawl = stage.client(pipeline)) {
            var run = stage.worker(pipeline).submit(pipeline, Json.NULL);
            assertThat(pawl.catchUp(run, 2, 10)).isEqualTo(new CaughtUp.Missed(List.of(), 2));
            assertThat(pawl.catchUp(run, 0, 10).events()).hasSize(2);
            assertThat(pawl.catchUp(run, 99, 10)).isInstanceOf(CaughtUp.Snapshot.class);
            assertThat(pawl.catchUp(run, 99, 10).seq()).isEqualTo(2);
            assertThatThrownBy(() -> pawl.catchUp(run, -1, 10)).hasMessageContaining("-1");
            assertThatThrownBy(() -> pawl.catchUp(RunId.firstAt(1), 0, 10)).isInstanceOf(Refused.class);
        }
    }
}
