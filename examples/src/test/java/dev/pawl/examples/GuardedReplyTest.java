package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Settings;
import dev.pawl.graph.Graph;
import dev.pawl.policy.OpaPolicy;
import dev.pawl.policy.OpaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same agent behind a real policy. */
class GuardedReplyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Settings GUARDED = GuardedReply.above(100);

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

    private Pawl open(Database database, Settings settings) {
        return Pawl.open(database.url(folder), settings, List.of(graph));
    }

    private SupportReply.Ticket asking(int euros) {
        return graph.decode(new Json(
                "{\"from\":\"ann@example.com\",\"text\":\"I want my " + euros + " euros back.\",\"drafts\":0}"));
    }

    private RunId blocked(Pawl pawl) {
        var run = pawl.submit(graph, asking(101)).id();
        await().atMost(PATIENCE).until(() -> pawl.run(run).status() == RunStatus.BLOCKED);
        assertThat(pawl.run(run).run().reason()).isEqualTo(Reason.APPROVAL);
        assertThat(stub.changes()).isEmpty();
        return run;
    }

    @ParameterizedTest
    @EnumSource
    void up_to_the_limit_nobody_is_asked(Database database) throws Exception {
        try (var pawl = open(database, GUARDED)) {
            assertThat(pawl.submit(graph, asking(100)).await(PATIENCE).refund()).startsWith("refund-");
        }
    }

    @ParameterizedTest
    @EnumSource
    void above_it_nothing_is_paid_before_somebody_has_approved(Database database) throws Exception {
        try (var pawl = open(database, GUARDED)) {
            var run = blocked(pawl);
            assertThat(pawl.explain(run)).contains("\"refund.pay\" in task refund[4]", "the amount 101.0 is above");
            pawl.approve(run, true, "bob", "a good customer");
            var answered = graph.decode(pawl.handle(run).await(PATIENCE));
            assertThat(answered.refund()).isEqualTo("refund-" + run + "-refund-4-0");
            assertThat(stub.calls()).containsExactly("/classify", "/draft", "/draft", "/refunds", "/mails");
            assertThat(pawl.events(run, 0, 100))
                    .filteredOn(event -> event.kind().equals("approval.given"))
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.data().text()).contains("\"actor\":\"bob\"", "a good customer"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_rejected_is_never_paid_and_fails_the_run(Database database) {
        try (var pawl = open(database, GUARDED)) {
            var run = blocked(pawl);
            pawl.approve(run, false, "bob", "not again");
            assertThatThrownBy(() -> pawl.handle(run).await(PATIENCE))
                    .isInstanceOf(RunFailed.class)
                    .hasMessageContaining("bob refused: not again");
            assertThat(stub.changes()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_program_that_is_blocked_is_denied_when_it_is_submitted(Database database) {
        var data = new Json("{\"gates\":{\"blocked_programs\":[\"graph:support-reply\"]}}");
        var gates = OpaPolicy.of(GuardedReply.sample("gates.wasm"), OpaSettings.DEFAULT.data(data));
        try (var pawl = open(database, Settings.DEFAULT.policy(gates))) {
            assertThatThrownBy(() -> pawl.submit(graph, asking(1)))
                    .isInstanceOf(Failure.Policy.class)
                    .hasMessageContaining("the program graph:support-reply is blocked");
        }
    }
}
