package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Entry;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Reconciling;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import dev.pawl.spi.Store;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A pipeline with everything that may befall a change outside: it is applied, or applied and not answered, or not applied and
 * not answered, or refused; and the process dies before and after every single write, loses the reply to it, and dies inside
 * of every phase of every handler. However it dies, the end must be the same, and no change may have been made twice. What
 * nobody can know is answered as the outside world knows it.
 */
class PipelineCrashTest {

    private static final Topic<Integer> ORDERS = Topic.of("ORDERS", Integer.class);
    private static final Topic<String> BOOKED = Topic.of("BOOKED", String.class);
    private static final Topic<String> SHIPPED = Topic.of("SHIPPED", String.class);

    private static final int MESSAGES = 3;

    /** At so many writes of the next life it may die again. */
    private static final int AGAIN = Integer.getInteger("pawl.crash.again", 1);

    private final Books booked = new Books();
    private final Books shipped = new Books();
    private final TreeMap<String, Integer> tries = new TreeMap<>();

    private final Pipeline pipeline = Pipeline.define("orders", p -> {
                p.producer("poll", Every.hours(10_000), Integer.class, (out, cursor) -> {
                            point("poll");
                            int from = cursor == null ? 0 : cursor;
                            for (int n = from + 1; n <= MESSAGES; n++) {
                                var origin = out.input("shop", "order", "order-" + n, "Order " + n);
                                out.publish(ORDERS, "order-" + n, n, origin);
                            }
                            return MESSAGES;
                        })
                        .publishes(ORDERS);
                p.inputs("shop", "order");
                p.consumer("book", ORDERS)
                        .prepare(Integer.class, inbox -> {
                            point("prepare book");
                            return inbox.first()
                                    .map(order ->
                                            Prepared.of(order.payload(), order).titled("Book " + order.id()))
                                    .orElse(Prepared.nothing());
                        })
                        .mutate(String.class, (n, key) -> book(n, key))
                        .reconcile(
                                Reconciling.DEFAULT.pauses(Duration.ofSeconds(5), Duration.ofSeconds(10)),
                                (n, key) -> probe(n, key))
                        .next((out, n, outcome) -> {
                            point("next book");
                            if (n != null && n == 3 && first("next book")) throw new IllegalStateException("once");
                            if (outcome.applied()) out.publish(BOOKED, "booked-" + n, outcome.result());
                        })
                        .publishes(BOOKED);
                p.consumer("ship", BOOKED)
                        .prepare(String.class, inbox -> {
                            point("prepare ship");
                            return inbox.first()
                                    .map(row -> Prepared.of(row.payload(), row))
                                    .orElse(Prepared.nothing());
                        })
                        .mutate(String.class, (row, key) -> ship(row, key))
                        .next((out, row, outcome) -> {
                            point("next ship");
                            if (outcome.applied()) out.publish(SHIPPED, row, outcome.result());
                        })
                        .publishes(SHIPPED);
                p.consumer("count", SHIPPED)
                        .prepare(Integer.class, inbox -> {
                            point("prepare count");
                            var parcels = inbox.peek();
                            return parcels.isEmpty()
                                    ? Prepared.nothing()
                                    : Prepared.of(parcels.size(), parcels).unchanged();
                        })
                        .next((out, count) -> {
                            point("next count");
                            if (count != null)
                                out.remember(out.remembered(Integer.class).orElse(0) + count);
                        });
            })
            .backoff(Duration.ofSeconds(5), Duration.ofSeconds(10), 5);

    // ---- the world outside, which survives ------------------------------------------------------------------------

    /** What was changed outside: under which key, for what. */
    private static final class Books {
        private final Map<String, String> entries = new LinkedHashMap<>();

        /** Of which somebody was told that they are not there and will not be. */
        private final Set<String> closed = new HashSet<>();

        void clear() {
            entries.clear();
            closed.clear();
        }

        Optional<String> look(String key) {
            var what = entries.get(key);
            if (what == null) closed.add(key);
            return Optional.ofNullable(what).map(found -> found + "!");
        }

        /** Applies it, whether there was something under this key or not: the world takes no care. */
        String apply(String key, String what) throws IOException {
            if (closed.contains(key)) throw new IOException("too late");
            assertThat(entries).as("a second call under the same key").doesNotContainKey(key);
            entries.put(key, what);
            return what + "!";
        }

        /** For what how often something was changed. */
        Map<String, Integer> counts() {
            return entries.values().stream()
                    .collect(Collectors.toMap(what -> what, what -> 1, Integer::sum, TreeMap::new));
        }
    }

    private boolean first(String what) {
        return tries.merge(what, 1, Integer::sum) == 1;
    }

    /** The answer of the first call about order 1 is lost, the first call about order 2 never gets there, 3 has to wait. */
    private String book(int n, String key) throws IOException {
        point("before book");
        if (n == 2 && first("book 2")) throw new IOException("no connection");
        if (n == 3 && first("book 3")) throw new dev.pawl.core.Failure.RateLimited("busy", Duration.ofSeconds(7));
        String receipt = booked.apply(key, "order " + n);
        point("after book");
        if (n == 1) throw new IOException("no answer");
        return receipt;
    }

    /** Is silent the first two times. */
    private Optional<String> probe(int n, String key) throws IOException {
        point("probe");
        if (n == 1 && (first("probe 1") || first("probe 1 again"))) throw new IOException("down");
        return booked.look(key);
    }

    /** The same for shipping, which cannot be asked. */
    private String ship(String row, String key) throws IOException {
        point("before ship");
        if (row.contains("2") && first("ship 2")) throw new IOException("no connection");
        String parcel = shipped.apply(key, row);
        point("after ship");
        if (row.contains("1")) throw new IOException("no answer");
        return parcel;
    }

    // ---- lives and deaths -----------------------------------------------------------------------------------------

    private CrashingStore crashing;
    private final List<String> points = new ArrayList<>();
    private int chosenPoint;

    /** What befalls the process at that point; it may die of it. */
    private Runnable atPoint = () -> {};

    /** A place inside of user code where something may befall the process. */
    private void point(String name) {
        points.add(name);
        if (points.size() == chosenPoint) atPoint.run();
    }

    /**
     * What befalls a process: it dies at a write, or at a point inside of user code; 0 for not at all.
     *
     * @param again and once more at that write of its next life; 0 for not
     * @param overtaken whether at that point it does not die but stands still, until others have done all that there is
     */
    private record Fate(int write, CrashingStore.How how, int point, int again, boolean overtaken) {
        static final Fate NONE = at(0, CrashingStore.How.BEFORE);

        static Fate at(int write, CrashingStore.How how) {
            return new Fate(write, how, 0, 0, false);
        }

        static Fate twice(int write, int again) {
            return new Fate(write, CrashingStore.How.AFTER, 0, again, false);
        }

        static Fate inside(int point) {
            return new Fate(0, CrashingStore.How.BEFORE, point, 0, false);
        }

        static Fate overtaken(int point) {
            return new Fate(0, CrashingStore.How.BEFORE, point, 0, true);
        }
    }

    /** How it ended, and how often a person had to say what happened. */
    private record End(String what, int answers) {}

    private End finish(Stage stage, Pawl person, Fate fate, String what) {
        booked.clear();
        shipped.clear();
        tries.clear();
        points.clear();
        chosenPoint = 0;
        var worker = new HandDriven(crashing.store(), stage.clock, List.of(pipeline));
        crashing.plan(fate.write(), fate.how());
        chosenPoint = fate.point();
        RunId run = null;
        int answers = 0;
        int again = fate.again();
        for (int lives = 0; run == null || !over(stage, run); lives++) {
            assertThat(lives).as("lives, %s", what).isLessThan(60);
            try {
                if (run == null) run = worker.submit(pipeline, Json.NULL, what, null, null);
                var id = run;
                if (fate.point() > 0) atPoint = () -> befall(stage, person, id, fate, what);
                worker.drain();
                answers += answer(stage, person, run, what);
            } catch (Crash died) {
                crashing.behave();
                worker = new HandDriven(crashing.store(), stage.clock, List.of(pipeline));
                if (again > 0) crashing.plan(again, fate.how());
                again = 0;
            }
            stage.clock.advance(Duration.ofSeconds(10)); // retries are due, leases of the dead have run out
        }
        crashing.behave();
        worker = new HandDriven(crashing.store(), stage.clock, List.of(pipeline));
        stage.clock.advance(Duration.ofMinutes(20));
        worker.drain();
        var end = new End(end(stage, run), answers);
        worker.command(run, Entry.Verb.CANCEL); // makes room for the next one
        return end;
    }

    /** The process dies, or stands still until others have done all that there is. */
    private void befall(Stage stage, Pawl person, RunId run, Fate fate, String what) {
        if (!fate.overtaken()) throw crashing.die(what);
        chosenPoint = 0;
        var other = new HandDriven(crashing.store(), stage.clock, List.of(pipeline));
        for (int rounds = 0; !over(stage, run); rounds++) {
            assertThat(rounds).as("rounds, %s", what).isLessThan(60);
            stage.clock.advance(Duration.ofSeconds(10));
            other.drain();
            var unused = answer(stage, person, run, what);
        }
    }

    /** Whether all is consumed. */
    private static boolean over(Stage stage, RunId run) {
        var messages = messages(stage, run);
        return messages.size() == 3 * MESSAGES
                && messages.stream().allMatch(message -> message.status() == MessageStatus.CONSUMED);
    }

    private static List<Message> messages(Stage stage, RunId run) {
        return stage.store.messages(new Store.MessageFilter(run, null, null, 0, 1_000));
    }

    /** Says of everything that nobody knows what is true. */
    private int answer(Stage stage, Pawl person, RunId run, String what) {
        if (stage.status(run) != RunStatus.BLOCKED) return 0;
        var details = stage.store.run(run).orElseThrow().run();
        assertThat(details.reason()).as(what).isEqualTo(Reason.INDETERMINATE);
        var unknown = person.indeterminate(run);
        assertThat(unknown).as(what).isNotEmpty();
        for (var one : unknown) {
            assertThat(one.effect().name()).as(what).isEqualTo("ship");
            String key = Codec.STANDARD.tree(one.effect().request()).get("key").stringValue();
            shipped.look(key)
                    .ifPresentOrElse(
                            parcel ->
                                    person.resolve(run, key, Answer.HAPPENED, Stage.json(parcel), "ann", "it is there"),
                            () -> person.resolve(run, key, Answer.DID_NOT_HAPPEN, null, "ann", "it is not there"));
        }
        return unknown.size();
    }

    /** What must be the same: messages without their order, what was changed outside, and histories without gaps. */
    private String end(Stage stage, RunId run) {
        assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
        var events = stage.store.events(run, 0, 10_000);
        assertThat(events)
                .extracting(Event::seq)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events.size()).boxed().toList());
        var lines = new ArrayList<String>();
        for (var message : messages(stage, run)) {
            var from = stage.store.inputsOf(run, message.seq()).stream()
                    .map(input -> input.input().title() + (input.isPending() ? " pending" : " done"))
                    .toList();
            lines.add(message.name() + " " + message.id() + " "
                    + message.payload().stored() + " " + message.status() + " from " + from);
        }
        lines.sort(null);
        lines.add("counted " + remembered(stage, run));
        lines.add("booked " + booked.counts() + ", shipped " + shipped.counts());
        return String.join("\n", lines);
    }

    private static String remembered(Stage stage, RunId run) {
        var outputs = stage.store.tasks(run, "count", 0, 1_000).stream()
                .filter(task -> task.output() != null)
                .map(task -> task.output().stored())
                .toList();
        return outputs.getLast();
    }

    /** Whoever stood still inside of a handler finds that it does not count any more. */
    @ParameterizedTest
    @EnumSource
    void a_worker_that_is_overtaken_anywhere_changes_nothing_twice(Database database) {
        try (var stage = new Stage(database);
                var person = stage.client()) {
            crashing = new CrashingStore(stage.store);
            var expected = finish(stage, person, Fate.NONE, "nobody stands still");
            var inside = List.copyOf(points);
            for (int point = 1; point <= inside.size(); point++) {
                String what = point + " " + inside.get(point - 1);
                var end = finish(stage, person, Fate.overtaken(point), what);
                assertThat(end.what()).as(what).isEqualTo(expected.what());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_anywhere_changes_nothing_twice_and_leaves_nothing_undone(Database database) {
        try (var stage = new Stage(database);
                var person = stage.client()) {
            crashing = new CrashingStore(stage.store);
            var expected = finish(stage, person, Fate.NONE, "nobody dies");
            assertThat(booked.counts().values()).hasSize(MESSAGES).containsOnly(1);
            assertThat(shipped.counts().values()).hasSize(MESSAGES).containsOnly(1);
            assertThat(expected.answers()).isEqualTo(2);
            int writes = crashing.writes();
            var inside = List.copyOf(points);
            var deaths = new LinkedHashMap<String, Fate>();
            for (var how : CrashingStore.How.values()) {
                for (int write = 1; write <= writes; write++) {
                    deaths.put(how + " write " + write, Fate.at(write, how));
                }
            }
            for (int point = 1; point <= inside.size(); point++) {
                deaths.put(point + " " + inside.get(point - 1), Fate.inside(point));
            }
            for (int write = 1; write <= writes; write++) {
                for (int again = 1; again <= AGAIN; again++) {
                    deaths.put("write " + write + " and then write " + again, Fate.twice(write, again));
                }
            }
            int answers = 0;
            for (var death : deaths.entrySet()) {
                String what = death.getKey();
                var end = finish(stage, person, death.getValue(), what);
                assertThat(end.what()).as(what).isEqualTo(expected.what());
                answers += end.answers() - expected.answers();
            }
            // Before and after each shipment, and at the writes around it.
            assertThat(answers).isGreaterThanOrEqualTo(2 * MESSAGES);
            System.out.printf(
                    "%s: %d writes, %d points, %d deaths, %d times a person had to know%n",
                    database, writes, inside.size(), deaths.size(), answers);
        }
    }
}
