package dev.pawl.campaign;

import static dev.pawl.campaign.Planted.CALM;
import static dev.pawl.campaign.Planted.CHILD;
import static dev.pawl.campaign.Planted.CRASHED;
import static dev.pawl.campaign.Planted.FIRST;
import static dev.pawl.campaign.Planted.JOB;
import static dev.pawl.campaign.Planted.KILLED;
import static dev.pawl.campaign.Planted.RETRIED;
import static dev.pawl.campaign.Planted.SECOND;
import static dev.pawl.campaign.Planted.STOPPED;
import static dev.pawl.campaign.Planted.UNDO;
import static dev.pawl.campaign.Planted.UNDONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever checks is checked: everything that may happen is let pass, and each anomaly is found, alone. */
class CheckerTest {

    @Test
    void what_kills_and_stops_and_crashes_explain_is_no_anomaly() {
        var planted = new Planted();
        planted.limited(What.BEGIN, CALM, 1, "5-55");
        planted.tell(LedgerEntry.of(What.KILLED, "5-55"));
        planted.limited(What.BEGIN, KILLED, 1, "6-66");
        planted.limited(What.APPLY, KILLED, 1, "6-66");
        planted.limited(What.BEGIN, STOPPED, 1, "6-66");
        planted.tell(LedgerEntry.of(What.STOPPED, "6-66"));
        planted.limited(What.BEGIN, STOPPED, 2, "7-77"); // takes its place
        planted.tell(LedgerEntry.of(What.CONTINUED, "6-66"));
        planted.limited(What.APPLY, STOPPED, 2, "7-77");
        planted.limited(What.BEGIN, CALM, 2, "7-77");
        planted.limited(What.APPLY, STOPPED, 1, "6-66"); // nobody waits for it
        planted.limited(What.APPLY, CALM, 2, "7-77");
        planted.tell(LedgerEntry.of(What.STOPPED, "6-66")); // again, before it has begun what it claimed
        planted.limited(What.BEGIN, CRASHED, 2, "7-77");
        planted.limited(What.APPLY, CRASHED, 2, "7-77");
        for (int i = 0; i < 10; i++) planted.tell(LedgerEntry.of(What.KILLED, "9-99"));
        planted.tell(LedgerEntry.of(What.CONTINUED, "6-66"));
        planted.limited(What.BEGIN, CRASHED, 1, "6-66");

        assertThat(Checker.anomalies(planted.history())).isEmpty();
    }

    static Stream<Arguments> plants() {
        return Stream.of(
                plant("an acknowledged run is not there", Kind.LOST, history -> {
                    history.runs.removeIf(run -> run.run().equals(CALM));
                    history.rows.removeIf(row -> row.run().equals(CALM));
                }),
                plant(
                        "a key gave two runs",
                        Kind.SUBMITTED_TWICE,
                        history -> history.submission(
                                CALM,
                                one -> new Submission(one.key(), one.program(), one.input(), List.of(CALM, KILLED)))),
                plant("a key has a second run that nobody was told of", Kind.SUBMITTED_TWICE, history -> {
                    history.runs.add(
                            new RunFacts("ONE", "flow:other", "key", "SUCCEEDED", "", List.of(), List.of(), List.of()));
                    history.runs.add(
                            new RunFacts("TWO", "flow:other", "key", "SUCCEEDED", "", List.of(), List.of(), List.of()));
                }),
                plant(
                        "a run has not ended",
                        Kind.UNFINISHED,
                        history -> history.run(CALM, run -> Planted.ended(run, "RUNNING"))),
                plant(
                        "a run has failed",
                        Kind.ENDED_BADLY,
                        history -> history.run(CALM, run -> Planted.ended(run, "FAILED"))),
                plant(
                        "an event is missing",
                        Kind.BROKEN_HISTORY,
                        history -> history.run(CALM, run -> Planted.numbered(run, 1, 3))),
                plant(
                        "a task ended twice",
                        Kind.BROKEN_HISTORY,
                        history -> history.run(CALM, run -> {
                            var end = run.done().getFirst();
                            return Planted.done(run, end, end);
                        })),
                plant(
                        "a task is done that the world never saw",
                        Kind.NEVER_APPLIED,
                        history -> history.ledger.removeIf(entry -> entry.run().equals(CALM))),
                plant("a run succeeded without one of its tasks", Kind.NEVER_APPLIED, history -> {
                    history.ledger.removeIf(entry -> entry.run().equals(CALM));
                    history.runs.replaceAll(run -> run.run().equals(CALM)
                            ? new RunFacts(
                                    CALM, run.program(), run.key(), "SUCCEEDED", "", List.of(), List.of(), List.of())
                            : run);
                }),
                plant(
                        "what was done is done again by a later attempt",
                        Kind.REPEATED_DONE,
                        history -> history.effect(What.BEGIN, CALM, 2, "3-33")),
                plant(
                        "what was done is done again by its own attempt",
                        Kind.REPEATED_DONE,
                        history -> history.effect(What.BEGIN, CRASHED, 2, "4-44")),
                plant(
                        "what was done is begun late by an earlier attempt that never stood still",
                        Kind.REPEATED_DONE,
                        history -> history.effect(What.BEGIN, RETRIED, 1, "3-33")),
                plant("what was done by a killed worker is done again", Kind.REPEATED_DONE, history -> {
                    history.tell(LedgerEntry.of(What.KILLED, "2-22"));
                    history.effect(What.BEGIN, KILLED, 4, "3-33");
                }),
                plant("an attempt is repeated beside the first", Kind.UNEXPLAINED_REPEAT, history -> {
                    history.limited(What.BEGIN, CALM, 1, "3-33");
                    history.limited(What.APPLY, CALM, 1, "3-33");
                    history.limited(What.BEGIN, CALM, 2, "4-44");
                }),
                plant(
                        "an attempt is repeated before the kill that would explain it",
                        Kind.UNEXPLAINED_REPEAT,
                        history -> {
                            history.limited(What.BEGIN, CALM, 1, "3-33");
                            history.limited(What.BEGIN, CALM, 2, "4-44");
                            history.tell(LedgerEntry.of(What.KILLED, "3-33"));
                        }),
                plant("an attempt is repeated long after the stop of its worker", Kind.UNEXPLAINED_REPEAT, history -> {
                    for (int i = 0; i < 10; i++) history.tell(LedgerEntry.of(What.KILLED, "9-99"));
                    history.limited(What.BEGIN, CALM, 1, "2-22");
                    history.limited(What.BEGIN, CALM, 2, "4-44");
                }),
                plant("an attempt is repeated after the kill of another worker", Kind.UNEXPLAINED_REPEAT, history -> {
                    history.limited(What.BEGIN, CALM, 1, "3-33");
                    history.tell(LedgerEntry.of(What.KILLED, "4-44"));
                    history.limited(What.BEGIN, CALM, 2, "5-55");
                }),
                plant(
                        "an attempt is repeated that began after the server was up again",
                        Kind.UNEXPLAINED_REPEAT,
                        history -> {
                            history.tell(LedgerEntry.of(What.DOWN, LedgerEntry.NONE));
                            history.tell(LedgerEntry.of(What.UP, LedgerEntry.NONE));
                            history.limited(What.BEGIN, CALM, 1, "3-33");
                            history.limited(What.BEGIN, CALM, 2, "4-44");
                        }),
                plant("one attempt began twice", Kind.UNEXPLAINED_REPEAT, history -> {
                    history.limited(What.BEGIN, CALM, 1, "3-33");
                    history.limited(What.APPLY, CALM, 1, "3-33");
                    history.tell(LedgerEntry.of(What.KILLED, "3-33"));
                    history.limited(What.BEGIN, CALM, 1, "4-44");
                }),
                plant(
                        "a repeat has another key",
                        Kind.KEY_CHANGED,
                        history -> history.ledger.replaceAll(entry ->
                                entry.what() == What.BEGIN && entry.run().equals(KILLED) && entry.attempt() == 3
                                        ? LedgerEntry.of(
                                                        What.BEGIN,
                                                        KILLED,
                                                        entry.effect(),
                                                        3,
                                                        entry.worker(),
                                                        "another",
                                                        entry.limit())
                                                .at(entry.seq(), entry.at())
                                        : entry)),
                plant(
                        "a row is there twice",
                        Kind.TRANSACTION_TWICE,
                        history -> history.rows.add(history.rows.getFirst())),
                plant("a row of a run that has not ended is there twice", Kind.TRANSACTION_TWICE, history -> {
                    history.rows.add(new History.Row("OTHER", "job[0]/row"));
                    history.rows.add(new History.Row("OTHER", "job[0]/row"));
                }),
                plant("a row is missing", Kind.TRANSACTION_MISSING, history -> history.rows.removeFirst()),
                plant(
                        "a step is marked as done in a transaction that left no row",
                        Kind.TRANSACTION_MISSING,
                        history -> {
                            history.rows.removeIf(row -> row.run().equals(CALM));
                        }),
                plant(
                        "a cancellation was acknowledged, and the run goes its way",
                        Kind.LOST,
                        history -> history.submissions.replaceAll(
                                one -> one.key().equals("key-" + CALM) ? one.cancelled(true) : one)),
                plant("a step of a job is done again by a later attempt", Kind.REPEATED_DONE, history -> {
                    history.step(What.BEGIN, JOB, SECOND, 3, "8-88");
                }),
                plant("a step is begun by an attempt after that which ended its task", Kind.REPEATED_DONE, history -> {
                    history.step(What.BEGIN, JOB, "job[0]/forgotten", 4, "8-88");
                }),
                plant("a job goes back behind a step that it had done", Kind.REPEATED_DONE, history -> {
                    history.run(JOB, Planted::forgotten);
                    history.step(What.BEGIN, JOB, FIRST, 3, "8-88");
                }),
                plant("what must not happen twice does, after a kill", Kind.ONCE_TWICE, history -> {
                    history.run(JOB, Planted::forgotten);
                    history.step(What.BEGIN, JOB, SECOND, 3, "8-88");
                    history.step(What.APPLY, JOB, SECOND, 3, "8-88");
                }),
                plant("an acknowledged signal is not taken", Kind.SIGNAL_LOST, history -> {
                    history.story(JOB, story -> Planted.received(story, "s2"));
                }),
                plant("a signal is taken twice", Kind.SIGNAL_TWICE, history -> {
                    history.story(JOB, story -> Planted.received(story, "s1", "s2", "s1"));
                }),
                plant("signals are taken in another order", Kind.SIGNAL_ORDER, history -> {
                    history.story(JOB, story -> Planted.received(story, "s2", "s1"));
                }),
                plant("a signal is taken that nobody sent", Kind.SIGNAL_ORDER, history -> {
                    history.story(JOB, story -> Planted.received(story, "s1", "s3", "s2"));
                }),
                plant("a child is started twice", Kind.CHILD_TWICE, history -> {
                    history.effect(What.BEGIN, "TWIN", 1, "8-88");
                    history.effect(What.APPLY, "TWIN", 1, "8-88");
                    history.run("TWIN", 1);
                    var story = history.runs.stream()
                            .filter(run -> run.run().equals(CHILD))
                            .findFirst()
                            .orElseThrow()
                            .story();
                    history.story("TWIN", none -> story);
                }),
                plant("a child is missing", Kind.CHILD_MISSING, history -> {
                    history.story(CHILD, story -> RunFacts.Story.NONE);
                }),
                plant("what a cancelled run had done is not undone", Kind.NOT_UNDONE, history -> {
                    history.ledger.removeIf(entry -> entry.effect().equals(UNDO));
                    history.run(UNDONE, run -> Planted.done(run));
                }),
                plant("what a run that succeeded had done is undone", Kind.UNDONE_IN_VAIN, history -> {
                    history.step(What.BEGIN, JOB, UNDO, 1, "8-88");
                    history.step(What.APPLY, JOB, UNDO, 1, "8-88");
                }),
                plant(
                        "a sleep ends too early",
                        Kind.WOKEN_EARLY,
                        history -> history.story(JOB, story -> {
                            var nap = story.naps().getFirst();
                            return new RunFacts.Story(
                                    story.parent(),
                                    story.ends(),
                                    story.spent(),
                                    story.transacted(),
                                    story.received(),
                                    story.undos(),
                                    List.of(new RunFacts.Nap(nap.effect(), nap.until(), nap.until() - 1_500)));
                        })),
                plant("an attempt that was handed over counts as lost", Kind.SPENT_AT_SHUTDOWN, history -> {
                    history.story(JOB, story -> Planted.spent(story, new RunFacts.Done("job[0]", 1, 0)));
                }),
                plant("a planned time starts nothing", Kind.FIRE_MISSED, history -> history.fires.removeLast()),
                plant(
                        "a planned time starts two runs",
                        Kind.FIRE_TWICE,
                        history -> history.fires.add(history.fires.getFirst())),
                plant(
                        "a schedule goes on after its end",
                        Kind.FIRE_UNPLANNED,
                        history -> history.fires.add("tick@1970-01-01T00:00:03Z")),
                plant("two run where one may", Kind.LIMIT_EXCEEDED, history -> {
                    history.limited(What.BEGIN, CALM, 1, "3-33");
                    history.limited(What.BEGIN, KILLED, 1, "4-44");
                    history.limited(What.APPLY, CALM, 1, "3-33");
                    history.limited(What.APPLY, KILLED, 1, "4-44");
                }),
                plant("another runs where one stands still", Kind.LIMIT_EXCEEDED, history -> {
                    history.limited(What.BEGIN, CALM, 1, "3-33");
                    history.tell(LedgerEntry.of(What.STOPPED, "3-33"));
                    history.limited(What.BEGIN, KILLED, 1, "4-44");
                    history.limited(What.APPLY, KILLED, 1, "4-44");
                }),
                plant(
                        "the output is that of an attempt that lost its lease",
                        Kind.STALE_WRITE,
                        history -> history.run(STOPPED, run -> Planted.shown(run, 1))),
                plant("an output is there of what has not succeeded", Kind.STALE_WRITE, history -> {
                    history.run(STOPPED, run -> Planted.done(run));
                }));
    }

    private static Arguments plant(String what, Kind found, Consumer<Planted> plant) {
        return Arguments.of(what, found, plant);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plants")
    void what_was_planted_is_found_and_nothing_else(String what, Kind kind, Consumer<Planted> plant) {
        var planted = new Planted();
        plant.accept(planted);

        assertThat(Checker.anomalies(planted.history()))
                .extracting(Anomaly::kind)
                .containsOnly(kind)
                .hasSize(1);
    }

    @Test
    void each_anomaly_was_planted_once_at_least() {
        var found = plants().map(plant -> (Kind) plant.get()[1]).toList();

        assertThat(EnumSet.copyOf(found)).isEqualTo(EnumSet.allOf(Kind.class));
    }
}
