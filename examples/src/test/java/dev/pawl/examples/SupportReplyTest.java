package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.graph.Graph;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent over real HTTP. */
class SupportReplyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Json QUESTION = new Json("{\"from\":\"ann@example.com\",\"text\":\"Is it red?\"}");
    private static final Json MONEY =
            new Json("{\"from\":\"ann@example.com\",\"text\":\"It is broken. I want my 40 euros back.\"}");
    private static final Json UNCLEAR = new Json("{\"from\":\"ann@example.com\",\"text\":\"Hm.\"}");

    @TempDir
    Path folder;

    private StubModel stub;
    private Graph<SupportReply.Ticket> graph;

    @BeforeEach
    void start() throws IOException {
        stub = StubModel.start();
        graph = SupportReply.at(stub.url(), StubModel.HTTP);
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private Pawl open(Database database) {
        return Pawl.open(database.url(folder), graph);
    }

    private SupportReply.Ticket ticket(Json json) {
        return graph.decode(json);
    }

    @ParameterizedTest
    @EnumSource
    void a_question_is_answered_with_a_draft_that_is_good_enough(Database database) throws Exception {
        try (var pawl = open(database)) {
            var run = pawl.submit(graph, ticket(QUESTION));
            var answered = run.await(PATIENCE);
            assertThat(answered.label()).isEqualTo(new SupportReply.Label("question", 0));
            assertThat(answered.drafts()).isEqualTo(2);
            assertThat(answered.draft().score()).isEqualTo(0.9);
            assertThat(answered.mail()).isEqualTo("mail-" + run.id() + "-send-4-0");
            assertThat(answered.sentAt()).isNotNull();
            assertThat(stub.calls()).containsExactly("/classify", "/draft", "/draft", "/mails");
            assertThat(stub.changes())
                    .containsOnlyKeys(run.id() + "-send-4-0")
                    .containsValue("/mails {\"to\":\"ann@example.com\",\"text\":"
                            + "\"Thank you for your letter (question), draft 2.\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void money_is_given_back_before_the_reply_is_sent(Database database) throws Exception {
        try (var pawl = open(database)) {
            var run = pawl.submit(graph, ticket(MONEY));
            assertThat(run.await(PATIENCE).refund()).isEqualTo("refund-" + run.id() + "-refund-4-0");
            assertThat(stub.calls()).containsExactly("/classify", "/draft", "/draft", "/refunds", "/mails");
            assertThat(stub.changes()).containsValue("/refunds {\"to\":\"ann@example.com\",\"amount\":40.0}");
        }
    }

    private RunId blocked(Pawl pawl, Json letter) {
        var run = pawl.submit(graph, ticket(letter)).id();
        await().atMost(PATIENCE).until(() -> pawl.run(run).status() == RunStatus.BLOCKED);
        assertThat(pawl.run(run).run().reason()).isEqualTo(Reason.APPROVAL);
        return run;
    }

    @ParameterizedTest
    @EnumSource
    void a_draft_that_stays_poor_is_sent_if_a_person_approves_it(Database database) throws Exception {
        try (var pawl = open(database)) {
            var run = blocked(pawl, UNCLEAR);
            assertThat(stub.calls()).containsExactly("/classify", "/draft", "/draft", "/draft");
            assertThat(pawl.questions(run).getFirst().effect().name()).isEqualTo("reply");
            pawl.approve(run, true, "bob", "it will do");
            var sent = ticket(pawl.handle(run).await(PATIENCE));
            assertThat(sent.approval().by()).isEqualTo("bob");
            assertThat(stub.changes()).containsOnlyKeys(run + "-send-6-0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_draft_that_a_person_rejects_is_not_sent(Database database) throws Exception {
        try (var pawl = open(database)) {
            var run = blocked(pawl, UNCLEAR);
            pawl.approve(run, false, "bob", "I write myself");
            var ended = ticket(pawl.handle(run).await(PATIENCE));
            assertThat(ended.approval().comment()).isEqualTo("I write myself");
            assertThat(ended.mail()).isNull();
            assertThat(stub.changes()).isEmpty();
        }
    }

    // ---- dying ----------------------------------------------------------------------------------------------------

    /** A database, and workers on it that die when the test says so. */
    private final class Stage implements AutoCloseable {
        private final String url;
        private final Store store;
        private final SettableClock clock;

        Stage(Database database) {
            url = database.url(folder);
            store = Database.open(url);
            clock = new SettableClock(store.databaseTime());
        }

        HandDriven worker() {
            return new HandDriven(store, clock, List.of(graph));
        }

        /** Runs an attempt, and dies before its end is written. The lease has run out afterwards. */
        void die(HandDriven worker) {
            var unused = worker.attempt(worker.claim(1).getFirst());
            clock.advance(Duration.ofSeconds(10));
        }

        void tell(Consumer<Pawl> what) {
            try (var pawl = Pawl.over(Database.open(url), Settings.CLIENT, List.of())) {
                what.accept(pawl);
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_dies_between_two_steps_leaves_the_rest_to_another(Database database) {
        try (var stage = new Stage(database)) {
            for (int steps = 0; steps <= 5; steps++) {
                int before = stub.calls().size();
                var first = stage.worker();
                var run = first.submit(graph, MONEY);
                for (int step = 0; step < steps; step++)
                    assertThat(first.step()).isTrue();
                var second = stage.worker();
                second.drain();
                assertThat(ticket(second.output(run)).mail())
                        .as("after step " + steps)
                        .isEqualTo("mail-" + run + "-send-5-0");
                var calls = new ArrayList<>(stub.calls()).subList(before, before + 5);
                assertThat(calls).containsExactly("/classify", "/draft", "/draft", "/refunds", "/mails");
                assertThat(stub.calls()).hasSize(before + 5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_dies_in_a_call_that_may_be_repeated_has_it_repeated(Database database) {
        try (var stage = new Stage(database)) {
            var first = stage.worker();
            var run = first.submit(graph, QUESTION);
            stage.die(first);
            var second = stage.worker();
            second.drain();
            assertThat(second.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stub.calls()).containsExactly("/classify", "/classify", "/draft", "/draft", "/mails");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_dies_while_it_pays_has_nobody_pay_twice(Database database) {
        try (var stage = new Stage(database)) {
            var first = stage.worker();
            var run = first.submit(graph, MONEY);
            for (int step = 0; step < 3; step++) assertThat(first.step()).isTrue();
            stage.die(first);
            var second = stage.worker();
            second.drain();
            assertThat(second.details(run).status()).isEqualTo(RunStatus.BLOCKED);
            assertThat(second.details(run).run().reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(stub.calls()).endsWith("/refunds").hasSize(4);
            var seen = new Json("{\"status\":200,\"headers\":{},\"body\":\"{\\\"id\\\":\\\"seen\\\"}\"}");
            stage.tell(pawl -> pawl.resolve(run, Answer.HAPPENED, seen, "bob", "it is in the books"));
            second.drain();
            assertThat(ticket(second.output(run)).refund()).isEqualTo("seen");
            assertThat(stub.calls()).endsWith("/refunds", "/mails").hasSize(5);
        }
    }

    // ---- out of the box -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void nothing_has_to_be_started_before(Database database) throws Exception {
        try (var pawl = Pawl.open(database.url(folder), SupportReply.GRAPH)) {
            var answered = pawl.submit(SupportReply.GRAPH, ticket(QUESTION)).await(PATIENCE);
            assertThat(answered.mail()).startsWith("mail-");
        }
    }
}
