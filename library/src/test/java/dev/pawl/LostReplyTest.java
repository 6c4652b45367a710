package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.Store;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.CrashingStore.How;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A commit whose reply was lost is looked up before anything is repeated, and people hear what is true. */
class LostReplyTest {

    private static final Json INPUT = new Json("{}");

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final Steps one = Steps.of(1, task -> new Json("7"));

    @ParameterizedTest
    @EnumSource
    void an_end_whose_reply_was_lost_is_known_to_be_written(Database database) {
        try (Store store = Database.open(database.url())) {
            for (How how : List.of(How.REPLY_LOST, How.COMMIT_LOST)) {
                var crashing = new CrashingStore(store);
                var worker = new HandDriven(crashing.store(), clock, List.of(one));
                var run = worker.submit(one, INPUT);
                var claim = worker.claim(1).getFirst();
                var verdict = worker.attempt(claim);
                crashing.plan(1, how);
                assertThat(worker.end(claim, verdict)).as(how.name()).isTrue();
                assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
                assertThat(store.events(run, 0, 100))
                        .filteredOn(event -> event.kind().equals("task.succeeded"))
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_submission_whose_reply_was_lost_is_one_run(Database database) {
        try (Store store = Database.open(database.url())) {
            for (How how : List.of(How.REPLY_LOST, How.COMMIT_LOST)) {
                var crashing = new CrashingStore(store);
                var worker = new HandDriven(crashing.store(), clock, List.of(one));
                crashing.plan(1, how);
                var run = worker.submit(one, INPUT);
                worker.drain();
                assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
            }
            assertThat(store.runs(new Store.RunFilter(null, null, null, 100))).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_claim_whose_reply_was_lost_is_found_again(Database database) {
        try (Store store = Database.open(database.url())) {
            for (How how : List.of(How.REPLY_LOST, How.COMMIT_LOST)) {
                var crashing = new CrashingStore(store);
                var worker = new HandDriven(crashing.store(), clock, List.of(one));
                var run = worker.submit(one, INPUT);
                crashing.plan(1, how);
                worker.claim(1).forEach(claim -> worker.end(claim, worker.attempt(claim)));
                worker.drain();
                assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
                assertThat(store.tasks(run, "a", 0, 1).getFirst().task().attempt())
                        .as("attempts after " + how)
                        .isEqualTo(1);
            }
        }
    }

    /** What was claimed before may have ended here already, with its end on the way to the database. */
    @ParameterizedTest
    @EnumSource
    void a_claim_whose_reply_was_lost_finds_nothing_that_was_claimed_before(Database database) {
        try (Store store = Database.open(database.url())) {
            var crashing = new CrashingStore(store);
            var worker = new HandDriven(crashing.store(), clock, List.of(one));
            var first = worker.submit(one, INPUT);
            assertThat(worker.claim(1)).hasSize(1);
            var second = worker.submit(one, INPUT);

            crashing.plan(1, How.COMMIT_LOST);
            assertThat(worker.claim(1)).as("nothing was claimed").isEmpty();
            crashing.plan(1, How.REPLY_LOST);
            assertThat(worker.claim(1))
                    .as("not that of " + first)
                    .extracting(claim -> claim.task().key().run())
                    .containsExactly(second);
        }
    }
}
