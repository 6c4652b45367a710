package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Pawl;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Hashing;
import dev.pawl.http.Http;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Artifact;
import dev.pawl.io.Connector;
import dev.pawl.io.Io;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.sql.Sql;
import dev.pawl.sql.SqlCall;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A graph of 20 steps with branches, loops, a person who approves, and every kind of effect, in which the process dies
 * before and after every single write, loses the reply to it, and dies inside every single effect: before it happens, and
 * after it happened and before that is recorded. However it dies, the run must end the same, with the same hashes, and what
 * must not happen twice has not (X1).
 */
class GraphCrashTest {

    private static final Http WEB = Http.client().allow("127.0.0.1");
    private static final int STEPS = 20;

    record Order(
            int quantity,
            int price,
            int rate,
            int ticks,
            int polished,
            @Nullable Artifact bill,
            @Nullable String stamp,
            List<String> log) {

        Order with(String line) {
            var more = new ArrayList<>(log);
            more.add(line);
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, more);
        }

        Order priced(int price) {
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, log);
        }

        Order stocked(int quantity) {
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, log);
        }

        Order rated(int rate) {
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, log);
        }

        Order ticked() {
            return new Order(quantity, price, rate, ticks + 1, polished, bill, stamp, log);
        }

        Order polish() {
            return new Order(quantity, price, rate, ticks, polished + 1, bill, stamp, log);
        }

        Order billed(Artifact bill) {
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, log);
        }

        Order stamped(String stamp) {
            return new Order(quantity, price, rate, ticks, polished, bill, stamp, log);
        }
    }

    record Item(String name, Map<String, Integer> sizes) {}

    record Bill(int total) {}

    record Stock(int quantity) {}

    private static final Json INPUT = new Json("{\"quantity\":0,\"price\":0,\"rate\":0,\"ticks\":0,\"polished\":0,"
            + "\"bill\":null,\"stamp\":null,\"log\":[]}");

    /**
     * @param wild with what is different in every run: the clock, chance, and new UUIDs
     */
    private Graph<Order> graph(Outside outside, boolean wild) {
        var shop = new Watched<>(Sql.on(outside.url), "sql");
        var web = new Watched<>(WEB, "http");
        return Graph.define(wild ? "wild" : "tame", Order.class, g -> {
            var price = g.node("price", (o, io) -> {
                int full = io.call("price", new Item("widget", Map.of("large", 2)), Integer.class, item -> {
                    return watched("price", () -> item.sizes().get("large") * 50);
                });
                return o.priced(full - call(io, "discount", 10)).with("priced");
            });
            var look = g.node("look", (o, io) -> {
                var rows = io.call("look", shop, SqlCall.query("select quantity from stock where item = ?", "widget"));
                return o.stocked(rows.rows(Stock.class).getFirst().quantity());
            });
            var reserve = g.node("reserve", (o, io) -> {
                var reserved = io.once(
                        "reserve", shop, SqlCall.update("insert into reserved values (?, ?)", SqlCall.key(), "widget"));
                return o.with("reserved " + reserved.updated());
            });
            var quote = g.node("quote", (o, io) -> {
                var answer = io.call("quote", web, HttpCall.get(outside.page("rate")));
                return o.rated(answer.json(Rate.class).rate());
            });
            var tick = g.node("tick", (o, io) -> {
                call(io, "tick", 0);
                return o.ticked();
            });
            var check = g.node("check", (o, io) -> o.with("checked"));
            var review = g.node("review", (o, io) -> {
                var said = io.approval("sell", new Bill(o.quantity() * o.price()));
                return o.with(said.by() + " says " + said.approved());
            });
            var pay = g.node(
                    "pay",
                    (o, io) -> o.with(io.once(
                            "charge",
                            String.class,
                            key -> watched("charge", () -> {
                                outside.charged.merge(key, 1, Integer::sum);
                                return "receipt";
                            }),
                            key -> Optional.ofNullable(outside.charged.get(key)).map(times -> "receipt"))));
            var bill = g.node("bill", (o, io) -> {
                byte[] content = ("bill " + o.price()).getBytes(StandardCharsets.UTF_8);
                return o.billed(io.write("bill", "text/plain", content));
            });
            var read = g.node("read", (o, io) -> {
                return o.with(new String(io.read(o.bill()), StandardCharsets.UTF_8));
            });
            var ship = g.node(
                    "ship",
                    (o, io) -> o.with(io.once(
                            "ship",
                            String.class,
                            key -> watched("ship", () -> {
                                outside.shipped.merge(key, 1, Integer::sum);
                                return "parcel";
                            }))));
            var book = g.node(
                    "book",
                    (o, io) -> o.with("booked "
                            + io.transact(
                                    "book",
                                    Integer.class,
                                    connection -> watched("book", () -> {
                                        return book(connection, io.run());
                                    }))));
            var stamp = g.node("stamp", (o, io) -> {
                if (!wild) return o.with("stamped " + call(io, "stamp", 1));
                return o.stamped(io.now().toEpochMilli() + " " + io.random().nextLong() + " " + io.uuid());
            });
            var polish = g.node("polish", (o, io) -> o.polish());
            var close = g.node("close", (o, io) -> o.with("closed"));
            g.start(price);
            price.then(look);
            look.then(reserve);
            reserve.then(quote);
            quote.then(tick);
            tick.retry(Retry.times(3).base(Duration.ofSeconds(1)).jitter(0))
                    .when(o -> o.ticks() < 4, tick)
                    .otherwise(check);
            check.when("large", o -> o.quantity() * o.price() > 100, review).otherwise(pay);
            review.when("approved", o -> o.log().getLast().endsWith("true"), pay)
                    .otherwise(close);
            pay.then(bill);
            bill.then(read);
            read.then(ship);
            ship.then(book);
            book.then(stamp);
            stamp.then(polish);
            polish.when(o -> o.polished() < 3, polish).otherwise(close);
            close.end();
        });
    }

    record Rate(int rate) {}

    // ---- effects that can be died in ------------------------------------------------------------------------------

    private Outside outside;
    private CrashingStore crashing;

    /** The ticks that have failed, as the second one does once. */
    private final Set<String> failed = new HashSet<>();

    private final List<String> points = new ArrayList<>();
    private int dieAtPoint;

    /** A place where the process may die inside of an effect. */
    private void point(String name) {
        points.add(name);
        if (points.size() == dieAtPoint) throw crashing.die(name);
    }

    private interface Deed<T> {
        T run() throws Exception;
    }

    private <T> T watched(String name, Deed<T> deed) throws Exception {
        point("before " + name);
        T value = deed.run();
        point("after " + name);
        return value;
    }

    private int call(Io io, String name, int value) throws Exception {
        return io.call(name, Integer.class, () -> {
            return watched(name, () -> {
                outside.done.add(name);
                long ticks = outside.done.stream().filter("tick"::equals).count();
                if (ticks == 2 && failed.add(name)) throw new IllegalStateException("once");
                return value;
            });
        });
    }

    private static int book(Connection connection, RunId run) throws Exception {
        try (var insert = connection.prepareStatement("insert into booked values (?)")) {
            insert.setString(1, run.toString());
            return insert.executeUpdate();
        }
    }

    private final class Watched<Q, R> implements Connector<Q, R> {
        private final Connector<Q, R> to;
        private final String name;

        Watched(Connector<Q, R> to, String name) {
            this.to = to;
            this.name = name;
        }

        @Override
        public String kind() {
            return to.kind();
        }

        @Override
        public Json request(Q request) {
            return to.request(request);
        }

        @Override
        public TypeRef<R> response() {
            return to.response();
        }

        @Override
        public R call(Q request, Context context) throws Exception {
            return watched(name + (context.key() == null ? "" : " once"), () -> to.call(request, context));
        }
    }

    // ---- lives and deaths -----------------------------------------------------------------------------------------

    /** How a process dies once: at a write, or at a point inside of an effect; 0 for not at all. */
    private record Death(int write, CrashingStore.How how, int point) {
        static final Death NONE = new Death(0, CrashingStore.How.BEFORE, 0);
    }

    /** What was on disk when the process died. */
    private record Snapshot(List<Event> events, Map<TaskKey, List<Effect>> effects, Map<TaskKey, String> outputs) {
        static Snapshot of(Stage stage, RunId run) {
            var effects = new HashMap<TaskKey, List<Effect>>();
            var outputs = new HashMap<TaskKey, String>();
            for (TaskDetails task : stage.store.tasks(run, null, 0, 1_000)) {
                var key = task.task().key();
                effects.put(key, stage.store.effects(key, 0, 1_000));
                if (task.output() != null) outputs.put(key, task.output().stored());
            }
            return new Snapshot(stage.store.events(run, 0, 10_000), effects, outputs);
        }

        /** What was recorded stays recorded. */
        void requireStartOf(Snapshot later, String what) {
            assertThat(later.events).as("events, %s", what).startsWith(events.toArray(Event[]::new));
            assertThat(later.outputs).as("outputs, %s", what).containsAllEntriesOf(outputs);
            effects.forEach((task, recorded) -> {
                // Effects of a task are ordered by position, then by revision.
                assertThat(later.effects.get(task))
                        .as("journal of %s, %s", task, what)
                        .containsAll(recorded);
            });
        }
    }

    /** How a run ended. */
    private record End(RunId run, List<Evidence> steps, String output, int resolved) {}

    private End finish(Stage stage, Pawl person, Graph<Order> graph, Death death, String what) {
        outside.clear();
        failed.clear();
        points.clear();
        dieAtPoint = 0;
        var worker = new HandDriven(crashing.store(), stage.clock, List.of(graph));
        crashing.plan(death.write(), death.how());
        dieAtPoint = death.point();
        RunId run = null;
        Snapshot atDeath = null;
        int resolved = 0;
        for (int lives = 0; run == null || !stage.status(run).terminal(); lives++) {
            assertThat(lives).as("lives, %s", what).isLessThan(30);
            try {
                if (run == null) run = worker.submit(graph, INPUT, what + graph, null, null);
                worker.drain();
                resolved += answer(stage, person, run);
            } catch (Crash died) {
                if (run != null) atDeath = Snapshot.of(stage, run);
                crashing.behave();
                worker = new HandDriven(crashing.store(), stage.clock, List.of(graph));
            }
            stage.clock.advance(Duration.ofSeconds(10)); // retries are due, leases of the dead have run out
        }
        var details = stage.store.run(run).orElseThrow();
        assertThat(details.status()).as(what).isEqualTo(RunStatus.SUCCEEDED);
        var end = Snapshot.of(stage, run);
        assertThat(end.events())
                .extracting(Event::seq)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, end.events().size()).boxed().toList());
        if (atDeath != null) atDeath.requireStartOf(end, what);
        return new End(run, Evidence.of(stage, run), details.output().stored(), resolved);
    }

    /** Says what a run waits for: yes to what it asks, and the truth about what nobody knows. */
    private int answer(Stage stage, Pawl person, RunId run) {
        var details = stage.store.run(run).orElseThrow().run();
        if (details.status() != RunStatus.BLOCKED) return 0;
        if (details.reason() == Reason.APPROVAL) {
            person.approve(run, true, "ann", "fine");
            return 0;
        }
        assertThat(details.reason()).isEqualTo(Reason.INDETERMINATE);
        var unknown = person.indeterminate(run).getFirst().effect();
        String key = Codec.STANDARD.tree(unknown.request()).get("key").stringValue();
        boolean reserve = unknown.name().equals("reserve");
        var ledger = reserve ? outside.reserved() : outside.shipped;
        var value = reserve ? "{\"rows\":[],\"updated\":1}" : "\"parcel\"";
        if (ledger.containsKey(key)) person.resolve(run, Answer.HAPPENED, new Json(value), "ann", "it is there");
        else person.resolve(run, Answer.DID_NOT_HAPPEN, null, "ann", "it is not there");
        return 1;
    }

    private int booked(RunId run) {
        var count = new int[1];
        Outside.query(
                stageUrl, "select count(*) from booked where run = '" + run + "'", rows -> count[0] = rows.getInt(1));
        return count[0];
    }

    private String stageUrl;

    private void appliedOnce(RunId run, String what) {
        assertThat(outside.charged.values()).as("charged, %s", what).containsExactly(1);
        assertThat(outside.shipped.values()).as("shipped, %s", what).containsExactly(1);
        assertThat(outside.reserved().values()).as("reserved, %s", what).containsExactly(1);
        assertThat(booked(run)).as("booked, %s", what).isEqualTo(1);
    }

    /** Compares how a run ended in which somebody died with how it ends if nobody does. */
    private interface Comparison {
        void same(Stage stage, Graph<Order> graph, End end, End expected, String what);
    }

    private void crashEverywhere(Database database, boolean wild, List<CrashingStore.How> hows, Comparison comparison) {
        try (var stage = new Stage(database);
                var person = stage.client();
                var world = new Outside(database.url())) {
            outside = world;
            stageUrl = stage.url;
            Outside.run(stage.url, "create table booked (run varchar(40))");
            crashing = new CrashingStore(stage.store);
            // The wild one also runs each node twice: the second time on what it recorded alone.
            var graph = graph(world, wild).hashing(wild ? Hashing.TWICE : Hashing.CHAINED);
            var expected = finish(stage, person, graph, Death.NONE, "nobody dies");
            appliedOnce(expected.run(), "nobody dies");
            assertThat(expected.steps()).hasSize(STEPS);
            assertThat(expected.resolved()).isZero();
            int writes = crashing.writes();
            var inside = List.copyOf(points);
            int calls = outside.done.size();
            assertThat(writes).isGreaterThan(50);
            var deaths = new LinkedHashMap<String, Death>();
            for (var how : hows) {
                for (int write = 1; write <= writes; write++) {
                    deaths.put(how + " write " + write, new Death(write, how, 0));
                }
            }
            for (int point = 1; point <= inside.size(); point++) {
                deaths.put(point + " " + inside.get(point - 1), new Death(0, CrashingStore.How.BEFORE, point));
            }
            int resolved = 0;
            for (var death : deaths.entrySet()) {
                String what = death.getKey();
                var end = finish(stage, person, graph, death.getValue(), what);
                appliedOnce(end.run(), what);
                assertThat(outside.done).as(what).hasSizeLessThanOrEqualTo(calls + 2);
                comparison.same(stage, graph, end, expected, what);
                resolved += end.resolved();
            }
            // Before and after each of the two changes that cannot be asked about, and at the writes around them.
            assertThat(resolved).isGreaterThanOrEqualTo(4 + 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_at_any_write_or_inside_any_effect_leaves_the_same_state_and_the_same_hashes(Database database) {
        crashEverywhere(database, false, List.of(CrashingStore.How.values()), (stage, graph, end, expected, what) -> {
            assertThat(Evidence.hashes(end.steps())).as(what).isEqualTo(Evidence.hashes(expected.steps()));
            assertThat(end.output().replace(end.run().toString(), "RUN"))
                    .as(what)
                    .isEqualTo(expected.output().replace(expected.run().toString(), "RUN"));
        });
    }

    /**
     * What is different in every run is not the same as in another run; but nothing else is, what was recorded before the
     * crash stays, the chain holds from end to end, and executed again without the outside it comes to the same.
     */
    @ParameterizedTest
    @EnumSource
    void a_crash_changes_nothing_that_the_clock_and_chance_have_given(Database database) {
        var hows = List.of(CrashingStore.How.BEFORE, CrashingStore.How.AFTER);
        crashEverywhere(database, true, hows, (stage, graph, end, expected, what) -> {
            assertThat(Evidence.comparable(end.run(), end.steps()))
                    .as(what)
                    .isEqualTo(Evidence.comparable(expected.run(), expected.steps()));
            int done = outside.done.size();
            var replay = Travels.replay(stage, end.run(), graph);
            assertThat(replay.same()).as("%s, %s", what, replay).isTrue();
            assertThat(outside.done).as("replayed, %s", what).hasSize(done);
        });
    }
}
