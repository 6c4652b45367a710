package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.io.Action;
import dev.pawl.job.Job;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes outside that must not happen twice: the intent is known before the call, and nobody guesses the outcome. */
class OnceTest {

    private static final Json INPUT = new Json("1");

    private final List<String> keys = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    private Job<Integer, String> job(Action.Keyed<String, ? extends Exception> change) {
        return Job.define("once", Integer.class, String.class, (job, n) -> {
                    job.call("before", () -> {});
                    String receipt = job.once("pay", String.class, key -> {
                        keys.add(key);
                        return change.run(key);
                    });
                    return receipt + job.call("after", String.class, () -> "!");
                })
                .retry(Retry.never());
    }

    private Job<Integer, String> job(
            Action.Keyed<String, ? extends Exception> change,
            Action.Keyed<Optional<String>, ? extends Exception> reconcile) {
        return Job.define(
                        "once",
                        Integer.class,
                        String.class,
                        (job, n) -> job.once(
                                "pay",
                                String.class,
                                key -> {
                                    keys.add(key);
                                    return change.run(key);
                                },
                                key -> {
                                    asked.add(key);
                                    return reconcile.run(key);
                                }))
                .retry(Retry.times(3));
    }

    private static Effect effect(Stage stage, RunId run) {
        return stage.effects(run, "job", 0).stream()
                .filter(effect -> effect.kind().equals("once"))
                .findFirst()
                .orElseThrow();
    }

    /** The process dies in the middle of the call. */
    private static void dieInside(HandDriven worker, Stage stage) {
        assertThatThrownBy(worker::drain).isInstanceOf(Crash.class);
        stage.clock.advance(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void a_change_that_happened_is_recorded_with_its_key(Database database) {
        var program = job(key -> "receipt");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("receipt!"));
            assertThat(keys).containsExactly(run + "-job-0-1");
            assertThat(effect(stage, run).request()).isEqualTo(new Json("{\"key\":\"" + run + "-job-0-1\"}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_change_that_gives_nothing_back_needs_no_key(Database database) {
        var sent = new ArrayList<String>();
        var job = Job.define("silent", Integer.class, Integer.class, (io, n) -> {
            io.once("send", () -> {
                sent.add("mail");
            });
            if (io.attempt() == 1) throw new IllegalStateException("after it was sent");
            return n;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            stage.pass(Duration.ofHours(1), worker);
            assertThat(worker.output(run)).isEqualTo(INPUT);
            assertThat(sent).containsExactly("mail");
            assertThat(stage.journal(run)).containsExactly("0 once send APPLIED");
        }
    }

    /** E18: a key is used once. */
    @ParameterizedTest
    @EnumSource
    void the_intent_is_on_disk_before_the_call(Database database) {
        try (var stage = new Stage(database)) {
            var statuses = new ArrayList<EffectStatus>();
            var runs = new ArrayList<RunId>();
            var program = job(key -> {
                statuses.add(effect(stage, runs.getFirst()).status());
                return "receipt";
            });
            var worker = stage.worker(program);
            runs.add(worker.submit(program, INPUT));
            worker.drain();
            assertThat(statuses).containsExactly(EffectStatus.BEGUN);
        }
    }

    // ---- nobody knows --------------------------------------------------------------------------------------------

    /** X9, invariant 8: not called again, not failed either. */
    @ParameterizedTest
    @EnumSource
    void a_crash_in_the_middle_blocks_the_run_until_somebody_says(Database database) {
        var program = job(key -> {
            throw new Crash("in the call");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            dieInside(worker, stage);
            worker.drain();
            assertThat(keys).hasSize(1);
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(effect(stage, run).status()).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(stage.problem(run).message())
                    .contains("Nobody knows whether \"pay\" (key " + run + "-job-0-1) happened")
                    .contains("pawl resolve RUN happened|did-not-happen|skip");
            assertThatThrownBy(() -> worker.command(run, Verb.RESUME)) // which does not answer the question
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("nobody knows whether an outside change of it happened")
                    .hasMessageContaining("pawl resolve " + run);
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(keys).hasSize(1);
        }
    }

    private void resolved(Database database, Answer answer, @Nullable Json value, String end, int calls) {
        var program = job(key -> {
            if (keys.size() == 1) throw new IllegalStateException("timed out");
            return "second";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            stage.ask(pawl -> {
                assertThat(pawl.indeterminate(run)).hasSize(1);
                pawl.resolve(run, answer, value, "ann", "looked it up");
                return true;
            });
            assertThat(stage.told(run, "effect.resolved").getFirst())
                    .contains("\"name\":\"pay\"")
                    .contains("\"actor\":\"ann\"")
                    .contains("looked it up");
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json(end));
            assertThat(keys).hasSize(calls).containsOnly(run + "-job-0-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_person_says_that_it_happened_and_what_came_back(Database database) {
        resolved(database, Answer.HAPPENED, new Json("\"from ann\""), "from ann!", 1);
    }

    @ParameterizedTest
    @EnumSource
    void a_person_says_that_it_happened_and_does_not_know_what_came_back(Database database) {
        resolved(database, Answer.HAPPENED, null, "null!", 1);
    }

    @ParameterizedTest
    @EnumSource
    void a_person_says_that_it_did_not_happen_and_it_is_called_again_with_the_same_key(Database database) {
        resolved(database, Answer.DID_NOT_HAPPEN, null, "second!", 2);
    }

    @ParameterizedTest
    @EnumSource
    void a_person_says_to_go_on_without_it(Database database) {
        resolved(database, Answer.SKIP, null, "null!", 1);
    }

    /** X10. */
    @ParameterizedTest
    @EnumSource
    void an_answer_that_nobody_waits_for_is_refused(Database database) {
        var program = job(key -> {
            throw new IllegalStateException("timed out");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.ask(pawl -> {
                refused(Refused.Why.NOTHING_TO_RESOLVE, () -> pawl.resolve(run, Answer.SKIP, null, "ann", ""));
                refused(Refused.Why.NO_SUCH_RUN, () -> pawl.resolve(new RunId(1, 1), Answer.SKIP, null, "ann", ""));
                return true;
            });
            worker.drain();
            stage.ask(pawl -> {
                pawl.resolve(run, Answer.SKIP, null, "ann", "");
                refused(Refused.Why.NOTHING_TO_RESOLVE, () -> pawl.resolve(run, Answer.HAPPENED, null, "bob", ""));
                return true;
            });
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.told(run, "effect.resolved")).hasSize(1);
        }
    }

    static void refused(Refused.Why why, Runnable asked) {
        assertThatThrownBy(asked::run)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).isEqualTo(why));
    }

    /** A run that was cancelled while nobody knew has nothing to resolve any more. */
    @ParameterizedTest
    @EnumSource
    void a_blocked_run_can_be_cancelled(Database database) {
        var program = job(key -> {
            throw new IllegalStateException("timed out");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            stage.ask(pawl -> {
                refused(Refused.Why.NOTHING_TO_RESOLVE, () -> pawl.resolve(run, Answer.HAPPENED, null, "bob", ""));
                return true;
            });
        }
    }

    // ---- the other side is asked ---------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void after_a_crash_the_other_side_is_asked_first(Database database) {
        var program = job(
                key -> {
                    throw new Crash("in the call");
                },
                key -> Optional.of("found"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            dieInside(worker, stage);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("found"));
            assertThat(keys).hasSize(1);
            assertThat(asked).isEqualTo(keys);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_other_side_does_not_know_is_called_again_with_the_same_key(Database database) {
        var program = job(
                key -> {
                    if (keys.size() == 1) throw new Crash("in the call");
                    return "second";
                },
                key -> Optional.empty());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            dieInside(worker, stage);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("second"));
            assertThat(keys).containsExactly(run + "-job-0-0", run + "-job-0-0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_call_is_reconciled_at_once(Database database) {
        var program = job(
                key -> {
                    throw new IllegalStateException("connection reset");
                },
                key -> Optional.of("it was there"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("it was there"));
            assertThat(keys).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_the_other_side_cannot_say_a_person_must(Database database) {
        var program = job(
                key -> {
                    throw new IllegalStateException("connection reset");
                },
                key -> {
                    throw new IllegalStateException("still down");
                });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(effect(stage, run).status()).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(keys).hasSize(1);
            stage.ask(pawl -> {
                pawl.resolve(run, Answer.HAPPENED, new Json("\"yes\""), "ann", "");
                return true;
            });
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("yes"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_while_the_other_side_is_asked_asks_again(Database database) {
        var program = job(
                key -> {
                    throw new IllegalStateException("connection reset");
                },
                key -> {
                    if (asked.size() == 1) throw new Crash("while asking");
                    return Optional.of("found");
                });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            dieInside(worker, stage);
            assertThat(effect(stage, run).status()).isEqualTo(EffectStatus.RECONCILING);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("found"));
            assertThat(keys).hasSize(1);
        }
    }

    // ---- it certainly did not happen -----------------------------------------------------------------------------

    /** E18: a recorded failure is thrown again. */
    @ParameterizedTest
    @EnumSource
    void a_refusal_is_a_failure_the_same_in_every_replay(Database database) {
        var messages = new ArrayList<String>();
        var program = Job.define("refused", Integer.class, String.class, (job, n) -> {
            try {
                job.once("pay", String.class, key -> {
                    keys.add(key);
                    throw new Failure.Logic("card declined");
                });
            } catch (Failure.Logic declined) {
                messages.add(declined.getMessage());
            }
            job.sleep(Duration.ofHours(1));
            return "went on";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(Duration.ofHours(1), worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("went on"));
            assertThat(messages).containsExactly("card declined", "card declined");
            assertThat(keys).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_the_right_it_did_not_happen_and_is_called_again_when_somebody_resumes(Database database) {
        var program = job(key -> {
            if (keys.size() == 1) throw new Failure.Auth("token expired");
            return "receipt";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.AUTH);
            assertThat(effect(stage, run).status()).isEqualTo(EffectStatus.FAILED);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("receipt!"));
            assertThat(keys).containsExactly(run + "-job-0-1", run + "-job-0-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_rate_limit_is_waited_for(Database database) {
        var program = job(key -> {
                    if (keys.size() == 1) throw new Failure.RateLimited("slow down", Duration.ofMinutes(5));
                    return "receipt";
                })
                .retry(Retry.times(2));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(Duration.ofMinutes(5).minusMillis(1), worker);
            assertThat(keys).hasSize(1);
            stage.pass(Duration.ofMillis(1), worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("receipt!"));
        }
    }

    /** Each of them was answered, so none of them counts as a sign of trouble. */
    @ParameterizedTest
    @EnumSource
    void many_rate_limits_do_not_make_it_unknown_whether_it_happened(Database database) {
        var program = job(
                        key -> {
                            if (keys.size() <= 30) throw new Failure.RateLimited("slow down", Duration.ofMinutes(1));
                            if (keys.size() == 31) throw new IllegalStateException("connection reset");
                            return "receipt";
                        },
                        key -> Optional.of("found"))
                .retry(Retry.times(100).base(Duration.ofSeconds(1)).cap(Duration.ofSeconds(1)));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 35; i++) stage.pass(Duration.ofMinutes(1), worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("found"));
        }
    }

    /** The other side is sure that it did not happen, again and again: there is nothing that nobody knows. */
    @ParameterizedTest
    @EnumSource
    void a_change_that_keeps_failing_and_certainly_does_not_happen_is_tried_as_the_job_says_and_fails(
            Database database) {
        var program = job(
                        key -> {
                            throw new IllegalStateException("connection refused");
                        },
                        key -> Optional.empty())
                .retry(Retry.times(3).base(Duration.ofSeconds(10)).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(keys).hasSize(1);
            stage.pass(Duration.ofSeconds(10), worker);
            assertThat(keys).hasSize(2);
            stage.pass(Duration.ofSeconds(20), worker);
            assertThat(keys).hasSize(3).containsOnly(run + "-job-0-0");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).startsWith("connection refused");
        }
    }

    // ---- stopped in the middle -----------------------------------------------------------------------------------

    /** A timeout never turns it into a failure of the run. */
    @ParameterizedTest
    @EnumSource
    void a_timeout_in_the_middle_leaves_the_question_to_a_person(Database database) throws Exception {
        var program = job(key -> {
                    new CountDownLatch(1).await();
                    return "impossible";
                })
                .timeout(Duration.ofMillis(100));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var handle = pawl.submit(program, 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> pawl.run(handle.id()).status() != RunStatus.RUNNING
                            && pawl.run(handle.id()).status() != RunStatus.QUEUED);
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.BLOCKED);
            pawl.resolve(handle.id(), Answer.HAPPENED, new Json("\"it did\""), "ann", "");
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("it did!");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_shutdown_in_the_middle_lets_the_next_worker_ask_the_other_side(Database database) throws Exception {
        var began = new CountDownLatch(1);
        var program = job(
                key -> {
                    began.countDown();
                    new CountDownLatch(1).await();
                    return "impossible";
                },
                key -> Optional.of("found"));
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.grace(Duration.ofMillis(10)), program);
            var run = first.submit(program, 1).id();
            began.await();
            fleet.close(first);
            assertThat(fleet.open(program).handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("\"found\""));
            assertThat(keys).hasSize(1);
        }
    }
}
