package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.testkit.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code pawl inbox}, and the commands that it names. */
class InboxCommandsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Topic<String> ORDERS = Topic.of("ORDERS", String.class);
    private static final Topic<String> LETTERS = Topic.of("LETTERS", String.class);

    /** What came of the changes: {@code book tea: applied 7}. */
    private final List<String> story = new ArrayList<>();

    /** Changes that begin at the same time. */
    private final CountDownLatch both = new CountDownLatch(2);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private final Pipeline shop = Pipeline.define("shop", p -> {
        p.consumer("book", ORDERS)
                .prepare(
                        String.class,
                        inbox -> inbox.first()
                                .map(order ->
                                        Prepared.of(order.payload(), order).titled("Book " + order.payload()))
                                .orElse(Prepared.nothing()))
                .mutate(Integer.class, (order, key) -> {
                    if (order.equals("wrong")) throw new Failure.Logic("Nobody can book this.");
                    if (order.equals("both")) meet();
                    if (order.equals("slow")) {
                        begun.countDown();
                        assertThat(mayEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                    }
                    throw new IOException("the line is dead");
                })
                .next((out, order, outcome) -> {
                    if (order != null) told("book " + order + ": " + outcome);
                });
        p.consumer("post", LETTERS)
                .prepare(
                        String.class,
                        inbox -> inbox.first()
                                .map(letter -> Prepared.of(letter.payload(), letter))
                                .orElse(Prepared.nothing()))
                .mutate(Integer.class, (letter, key) -> {
                    meet();
                    throw new IOException("the post is closed");
                })
                .next((out, letter, outcome) -> {
                    if (letter != null) told("post " + letter + ": " + outcome);
                });
    });

    private static final Job<String, String> LETTER = Job.define(
            "letter",
            String.class,
            String.class,
            (job, text) -> job.approval("letter", text).approved() ? "sent" : "not sent");

    private static final Job<String, String> LOGIN = Job.define("login", String.class, String.class, (job, who) -> {
        throw new Failure.Auth("The password of " + who + " has expired.");
    });

    @TempDir
    Path folder;

    private Cli cli;
    private Pawl working;

    private void meet() throws InterruptedException {
        both.countDown();
        assertThat(both.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void told(String what) {
        synchronized (story) {
            story.add(what);
        }
    }

    private void open(String database) {
        cli = database.equals("sqlite")
                ? Cli.on(folder.resolve("pawl.db"))
                : new Cli(Postgres.shared().freshDatabase());
        working = Pawl.open(cli.url(), shop, LETTER, LOGIN);
    }

    @AfterEach
    void close() {
        Objects.requireNonNull(working).close();
    }

    private static void await(BooleanSupplier until) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!until.getAsBoolean() && System.nanoTime() < end) LockSupport.parkUntil(1);
        assertThat(until.getAsBoolean()).isTrue();
    }

    private void awaitStatus(RunId run, RunStatus status) {
        await(() -> working.run(run).status() == status);
    }

    private RunId started() {
        return Pipelines.of(working).start(shop);
    }

    private List<JsonNode> inbox(String... options) {
        var all = new ArrayList<>(List.of("inbox", "--json"));
        all.addAll(List.of(options));
        return cli.run(all.toArray(String[]::new))
                .out()
                .lines()
                .map(line -> RunDocument.tree(new Json(line)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void a_change_of_which_nobody_knows_is_listed_with_what_was_tried_and_answered_by_the_command_that_stands_there(
            String database) {
        open(database);
        assertThat(cli.run("inbox").err()).contains("Nothing needs you.");
        var run = started();
        Pipelines.of(working).publish(shop, ORDERS, "1", "tea");
        awaitStatus(run, RunStatus.BLOCKED);
        var page = cli.run("inbox").out();
        assertThat(page)
                .contains("Did it happen?  pipeline:shop", "Book tea (book[0])", "Request   \"tea\"", run + "-book-0")
                .contains("began 20", "the other side cannot be asked", "IOException: the line is dead.")
                .contains("pawl resolve " + run + " did-not-happen")
                .doesNotContain("again", "--which");
        var need = inbox().getFirst();
        assertThat(need.path("needs").asString()).isEqualTo("OUTCOME");
        assertThat(need.path("key").asString()).isEqualTo(run + "-book-0");
        assertThat(need.path("tries")
                        .valueStream()
                        .map(each -> each.path("status").asString()))
                .containsExactly("BEGUN", "INDETERMINATE");
        assertThat(need.path("commands").get(0).asString()).isEqualTo("pawl resolve " + run + " happened --value JSON");
        var answer = cli.run(
                "resolve", run.toString(), "happened", "--value", "7", "--actor", "ann", "--comment", "it is booked");
        assertThat(answer.code()).as(answer.err()).isZero();
        await(() -> story.contains("book tea: Applied[value=7]"));
        assertThat(inbox()).isEmpty();
        assertThat(cli.run("events", run.toString()).out()).contains("effect.resolved", "by ann", "it is booked");
    }

    @Test
    void of_several_changes_it_has_to_be_said_which_one_is_meant() {
        open("sqlite");
        var run = started();
        Pipelines.of(working).publish(shop, ORDERS, "1", "both");
        Pipelines.of(working).publish(shop, LETTERS, "1", "hello");
        await(() -> working.indeterminate(run).size() == 2);
        String id = run.toString();
        assertThat(inbox().stream().map(need -> need.path("task").asString()))
                .containsExactlyInAnyOrder("book[0]", "post[0]");
        assertThat(cli.run("inbox").out())
                .contains("skip --which " + run + "-book-0", "skip --which " + run + "-post-0");
        var which = cli.run("resolve", id, "skip");
        assertThat(which.code()).isEqualTo(Exit.REFUSED);
        assertThat(which.err()).contains("more than one", "book[0], post[0]");
        assertThat(cli.run("resolve", id, "skip", "--which", "tea").err())
                .contains("no outside change \"tea\"", "book[0], post[0]");
        assertThat(cli.run("resolve", id, "skip", "--which", run + "-post-0").code())
                .isZero();
        assertThat(working.run(run).status()).isEqualTo(RunStatus.BLOCKED);
        assertThat(cli.run("resolve", id, "again").err()).contains("reconcile", "happened, did-not-happen or skip");
        assertThat(cli.run("resolve", id, "skip", "--which", "book").code()).isZero();
        await(() -> story.containsAll(List.of("book both: Skipped[]", "post hello: Skipped[]")));
        await(() -> working.messageCounts(run).values().stream()
                .allMatch(counts -> counts.containsKey(MessageStatus.SKIPPED)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void everything_that_waits_for_somebody_is_in_one_list_the_oldest_first(String database) throws Exception {
        open(database);
        var letter = working.submit(LETTER, "Dear Bob");
        awaitStatus(letter.id(), RunStatus.BLOCKED);
        var login = working.submit(LOGIN, "ann");
        awaitStatus(login.id(), RunStatus.BLOCKED);
        var run = started();
        Pipelines.of(working).publish(shop, ORDERS, "1", "wrong");
        awaitStatus(run, RunStatus.BLOCKED);
        assertThat(inbox().stream()
                        .map(need -> need.path("needs").asString() + " "
                                + need.path("reason").asString()))
                .containsExactly("APPROVAL APPROVAL", "RELEASE AUTH", "RELEASE REPAIR");
        assertThat(cli.run("inbox").out())
                .contains("Approve?", "\"Dear Bob\"", "pawl approve " + letter.id(), "pawl reject " + letter.id())
                .contains("Blocked: AUTH", "The password of ann has expired", "Put its credentials right.")
                .contains("Blocked: REPAIR", "pawl pipeline start shop", "pawl resume " + run);
        assertThat(cli.run("explain", run.toString()).out())
                .contains("Nobody can book this", "pawl pipeline start shop or: pawl resume " + run);
        assertThat(cli.run("approve", letter.id().toString()).code()).isZero();
        assertThat(letter.await(PATIENCE)).isEqualTo("sent");
        assertThat(inbox()).hasSize(2);
    }

    @Test
    void the_list_is_told_in_pages() {
        open("sqlite");
        var runs = new ArrayList<String>();
        for (String who : List.of("ann", "bob", "eve")) {
            var run = working.submit(LOGIN, who).id();
            awaitStatus(run, RunStatus.BLOCKED);
            runs.add(run.toString());
        }
        var first = cli.run("inbox", "--limit", "2");
        assertThat(first.out()).contains(runs.get(0), runs.get(1)).doesNotContain(runs.get(2));
        assertThat(first.err()).contains("There is more: pawl inbox --after " + runs.get(1));
        assertThat(inbox("--after", runs.get(1)).stream()
                        .map(need -> need.path("run").asString()))
                .containsExactly(runs.get(2));
        assertThat(cli.run("inbox", "--after", runs.get(1)).err()).isEmpty();
        assertThat(cli.run("inbox", "--limit", "0").code()).isEqualTo(Exit.USAGE);
        assertThat(cli.run("inbox", "--after", "last").err()).contains("Nothing needs you.");
    }

    /** It cannot be resumed before somebody has said what happened, so it must not be hidden either. */
    @Test
    void a_paused_run_of_which_nobody_knows_something_is_listed_too() throws Exception {
        open("sqlite");
        var run = started();
        Pipelines.of(working).publish(shop, ORDERS, "1", "slow");
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cli.run("pipeline", "show", "shop").out()).contains("changing", "Book slow");
        assertThat(cli.run("pipeline", "pause", "shop", "--comment", "lunch").code())
                .isZero();
        assertThat(inbox()).isEmpty();
        mayEnd.countDown();
        await(() -> !working.indeterminate(run).isEmpty());
        assertThat(working.run(run).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(cli.run("inbox").out()).contains("Book slow", "also paused by ", "lunch");
        assertThat(cli.run("pipeline", "resume", "shop").err()).contains("nobody knows", "pawl inbox");
        cli.run("resolve", run.toString(), "skip");
        assertThat(inbox()).isEmpty();
        assertThat(cli.run("pipeline", "resume", "shop").code()).isZero();
        await(() -> story.contains("book slow: Skipped[]"));
    }
}
