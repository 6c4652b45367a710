package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.campaign.Posting.Book;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.spi.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Pipelines that change an outside ledger of many moods, workers that work on them and are hit, and a person who is asked
 * when nobody knows. Everything that was written down stays in a folder.
 */
final class MutationProof implements AutoCloseable {

    /** For a start on a busy machine. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);

    private static final int TOPICS = 3;
    private static final int ALL = 1_000_000;

    private final String name;
    private final Duration patience;
    private final int items;
    private final MoodyLedger ledger;
    private final LedgerClient teller;
    private final Workers workers;
    private final Killer killer;
    private final Pawl client;
    private final List<RunId> runs = new ArrayList<>();
    private final MutationPerson person;
    private final long began = System.nanoTime();

    /**
     * Starts everything.
     *
     * @param name of the folder under {@code target/campaign}
     * @param url the database, empty, perhaps through a proxy
     * @param size how many workers
     * @param messages how many in all
     * @param patience for what is left over when nobody is hit any more
     */
    MutationProof(String name, String url, int size, int messages, Duration patience, long seed) throws IOException {
        this.name = name;
        this.patience = patience;
        this.items = messages / MutationPipelines.NUMBER;
        var folder = Campaign.emptied(Path.of("target", "campaign", name).toAbsolutePath());
        var artifacts = folder.resolve("artifacts");
        System.out.printf("Proof %s: -Dpawl.campaign.seed=%d, everything in %s%n", name, seed, folder);
        ledger = new MoodyLedger(folder, seed);
        teller = new LedgerClient(ledger.port());
        workers = new Workers(
                MutationWorker.class,
                number -> MutationWorker.arguments(number, url, ledger.port(), artifacts, items),
                teller,
                folder);
        killer = new Killer(workers, size, seed);
        killer.fill();
        var pipelines = MutationPipelines.all(new MoodyClient(ledger.port()), items);
        client = Pawl.open(url, Settings.CLIENT.artifacts(artifacts), pipelines);
        pipelines.stream()
                .limit(MutationPipelines.NUMBER)
                .forEach(pipeline -> runs.add(Pipelines.of(client).start(pipeline)));
        person = new MutationPerson(client, runs, pipelines, ledger, seed);
    }

    Killer killer() {
        return killer;
    }

    /** Waits until nobody is about to start: who loses the first words to the database gives up. */
    void awaitAllUp() {
        await().atMost(START).pollInterval(POLL).until(workers::areAllUp);
    }

    /** Waits until all is done, and says what is not as it must be. */
    List<String> verdict() throws Exception {
        assertThat(workers.ended()).as("workers that died by themselves").isEmpty();
        boolean over = waitUntilAllIsDone();
        person.close();
        var postings = ledger.postings();
        var wrong = new ArrayList<String>();
        if (!over) wrong.add("not all was done after " + patience);
        for (Book book : Book.values()) check(book, postings, wrong);
        if (over) for (int number = 0; number < runs.size(); number++) checkReceipts(number, postings, wrong);
        say(postings, wrong);
        return wrong;
    }

    private boolean waitUntilAllIsDone() {
        try {
            await().atMost(patience)
                    .pollInterval(POLL)
                    .until(() -> runs.stream().allMatch(this::isDone));
            return true;
        } catch (ConditionTimeoutException unfinished) {
            for (RunId run : runs) {
                System.out.printf(
                        "Proof %s: %s %s %s%n", name, run, client.store().messageCounts(run), client.explain(run));
            }
            return false;
        }
    }

    private boolean isDone(RunId run) {
        person.requireWell();
        var counts = client.store().messageCounts(run);
        return counts.values().stream()
                        .filter(topic -> topic.equals(Map.of(MessageStatus.CONSUMED, items)))
                        .count()
                == TOPICS;
    }

    // ---- the ledger alone -----------------------------------------------------------------------------------------

    /** Each item once in each book. */
    private void check(Book book, List<Posting> postings, List<String> wrong) {
        var times = new HashMap<String, List<Posting>>();
        applied(postings, book)
                .forEach(posting -> posting.each()
                        .forEach(item -> times.computeIfAbsent(item, i -> new ArrayList<>())
                                .add(posting)));
        var expected = new TreeSet<String>();
        for (int pipeline = 0; pipeline < runs.size(); pipeline++) {
            for (int i = 0; i < items; i++) expected.add(MutationPipelines.item(pipeline, i));
        }
        for (String item : expected) {
            var of = times.remove(item);
            if (of == null) wrong.add("lost: " + item + " is not in " + book);
            else if (of.size() > 1) wrong.add("twice: " + item + " in " + book + ": " + of);
        }
        times.forEach((item, of) -> wrong.add("nobody wanted " + item + " in " + book + ": " + of));
    }

    private static List<Posting> applied(List<Posting> postings, Book book) {
        return postings.stream()
                .filter(Posting::applied)
                .filter(posting -> posting.book() == book)
                .toList();
    }

    // ---- and what was made of its receipts ------------------------------------------------------------------------

    private void checkReceipts(int number, List<Posting> postings, List<String> wrong) {
        var run = runs.get(number);
        checkReceipts(run, MutationPipelines.ENTERED.name(), receipts(postings, Book.KEYED), wrong);
        checkReceipts(run, MutationPipelines.CHECKED.name(), receipts(postings, Book.ASKED), wrong);
        var last = receipts(postings, Book.BLIND);
        long sum = last.keySet().stream()
                .filter(item -> item.startsWith(number + "-"))
                .mapToLong(last::get)
                .sum();
        var remembered = client.store().tasks(run, MutationPipelines.LAST, 0, ALL).stream()
                .filter(task -> task.output() != null)
                .map(task -> task.output().stored())
                .reduce("nothing", (before, after) -> after);
        if (!remembered.equals(Long.toString(sum))) wrong.add(run + " remembers " + remembered + " and not " + sum);
    }

    private void checkReceipts(RunId run, String topic, Map<String, Long> receipts, List<String> wrong) {
        for (var message : client.messages(new Store.MessageFilter(run, topic, null, 0, ALL))) {
            var item = Codec.STANDARD.read(
                    client.load(message.payload()), TypeRef.of(MutationPipelines.Item.class), "a message");
            if (!receipts.getOrDefault(item.name(), 0L).equals(item.receipt()))
                wrong.add("another receipt: " + item + " in " + topic + ", and not " + receipts.get(item.name()));
        }
    }

    private static Map<String, Long> receipts(List<Posting> postings, Book book) {
        var receipts = new HashMap<String, Long>();
        for (Posting posting : applied(postings, book))
            posting.each().forEach(item -> receipts.put(item, posting.seq()));
        return receipts;
    }

    // ---- numbers --------------------------------------------------------------------------------------------------

    private void say(List<Posting> postings, List<String> wrong) {
        var moods = postings.stream()
                .map(Posting::what)
                .collect(Collectors.groupingBy(what -> what, TreeMap::new, Collectors.counting()));
        System.out.printf(
                "Proof %s: %d hits, %d messages through %d consumers, %s, people did %s, %d wrong, %d s%n",
                name,
                killer.hits(),
                items * runs.size(),
                TOPICS,
                moods,
                person.deeds(),
                wrong.size(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        var told = new TreeMap<String, Long>();
        Predicate<String> telling = kind -> kind.equals("task.lost")
                || kind.startsWith("change.")
                || kind.equals("activation.retry")
                || kind.equals("consumer.committed");
        for (RunId run : runs) {
            client.events(run, 0, ALL).stream()
                    .filter(event -> telling.test(event.kind()))
                    .forEach(event -> told.merge(event.kind(), 1L, Long::sum));
        }
        System.out.printf("Proof %s: the histories tell of %s%n", name, told);
        wrong.stream().limit(20).forEach(System.out::println);
    }

    @Override
    public void close() throws IOException {
        person.close();
        client.close();
        workers.close();
        teller.close();
        ledger.close();
    }

    static Json number(long value) {
        return new Json(Long.toString(value));
    }
}
