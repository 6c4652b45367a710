package dev.pawl.campaign;

import dev.pawl.campaign.Posting.Book;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Publisher;
import dev.pawl.pipeline.Reconciling;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The pipelines of the proof, all alike: a producer, and three consumers in a row, each of which enters what comes into another
 * book of the outside ledger, sometimes several items at once.
 */
final class MutationPipelines {

    /** How many there are. */
    static final int NUMBER = 8;

    /** In so many versions, which differ in nothing else. */
    static final int VERSIONS = 4;

    /** Longer than most calls, and not longer than all. */
    private static final Duration ACTIVATION = Duration.ofSeconds(2);

    /** So many items are published at once. */
    private static final int AT_ONCE = 50;

    /** So many items are taken at once, at most. */
    private static final int TAKEN = 3;

    static final Topic<Item> FOUND = Topic.of("FOUND", Item.class);
    static final Topic<Item> ENTERED = Topic.of("ENTERED", Item.class);
    static final Topic<Item> CHECKED = Topic.of("CHECKED", Item.class);

    static final String LAST = "blind";

    /** @param receipt of the change before */
    record Item(String name, long receipt) {}

    /** What is to be changed: names of items, with commas between. */
    record Work(String items) {}

    private MutationPipelines() {}

    /** All of them in all versions, those of the first version first. */
    static List<Pipeline> all(MoodyClient ledger, int items) {
        return IntStream.rangeClosed(1, VERSIONS)
                .boxed()
                .flatMap(version -> IntStream.range(0, NUMBER)
                        .mapToObj(number -> pipeline(number, ledger, items).version(Integer.toString(version))))
                .toList();
    }

    /** What an item is called, in the ledger as well. */
    static String item(int pipeline, int number) {
        return pipeline + "-" + number;
    }

    private static Pipeline pipeline(int number, MoodyClient ledger, int items) {
        var reconciling = Reconciling.DEFAULT
                .pauses(Duration.ofMillis(100), Duration.ofSeconds(1))
                .limit(Duration.ofSeconds(1));
        return Pipeline.define("proof-" + number, p -> {
                    p.producer("find", Every.seconds(1), Integer.class, (out, cursor) -> {
                                int from = cursor == null ? 0 : cursor;
                                int to = Math.min(items, from + AT_ONCE);
                                for (int i = from; i < to; i++)
                                    out.publish(FOUND, item(number, i), new Item(item(number, i), 0));
                                return to;
                            })
                            .publishes(FOUND);
                    p.consumer("keyed", FOUND)
                            .prepare(Work.class, MutationPipelines::some)
                            .mutate(Long.class, (work, key) -> ledger.post(Book.KEYED, key, work.items()))
                            .reconcile(reconciling, (work, key) -> ledger.postAgain(Book.KEYED, key, work.items()))
                            .next((out, work, outcome) -> {
                                if (outcome.applied()) pass(out, ENTERED, work, outcome.result());
                            })
                            .publishes(ENTERED);
                    p.consumer("asked", ENTERED)
                            .prepare(Work.class, MutationPipelines::some)
                            .mutate(Long.class, (work, key) -> ledger.post(Book.ASKED, key, work.items()))
                            .reconcile(reconciling, (work, key) -> ledger.ask(Book.ASKED, key))
                            .next((out, work, outcome) -> {
                                if (outcome.applied()) pass(out, CHECKED, work, outcome.result());
                            })
                            .publishes(CHECKED);
                    p.consumer(LAST, CHECKED)
                            .prepare(Work.class, MutationPipelines::some)
                            .mutate(Long.class, (work, key) -> ledger.post(Book.BLIND, key, work.items()))
                            .next((out, work, outcome) -> {
                                if (outcome.applied())
                                    out.remember(out.remembered(Long.class).orElse(0L)
                                            + outcome.result() * work.items().split(",").length);
                            });
                })
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200), 5)
                .timeout(ACTIVATION);
    }

    private static Prepared<Work> some(Inbox<Item> inbox) {
        var found = inbox.peek(ThreadLocalRandom.current().nextInt(1, TAKEN + 1));
        if (found.isEmpty()) return Prepared.nothing();
        var names = String.join(
                ",", found.stream().map(item -> item.payload().name()).toList());
        return Prepared.of(new Work(names), found).titled("Enter " + names);
    }

    private static void pass(Publisher out, Topic<Item> to, Work work, long receipt) {
        for (String name : work.items().split(",")) out.publish(to, name, new Item(name, receipt));
    }
}
