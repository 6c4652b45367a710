package dev.pawl;

import static dev.pawl.Travels.flaws;
import static dev.pawl.Travels.history;
import static dev.pawl.Travels.tamper;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.Fit;
import dev.pawl.engine.TimeTravel;
import dev.pawl.flow.Flow;
import dev.pawl.graph.Graph;
import dev.pawl.job.Job;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record is checked without its code, and whoever changes a row behind everybody's back is found out. */
class VerifyTest {

    record Notes(List<String> lines) {
        Notes with(Object line) {
            var more = new ArrayList<>(lines);
            more.add(String.valueOf(line));
            return new Notes(more);
        }
    }

    private static final Json INPUT = new Json("{\"lines\":[\"start\"]}");

    private static final Graph<Notes> GRAPH = Graph.define("sealed", Notes.class, g -> {
        var fetch = g.node("fetch", (n, io) -> n.with(io.call("get", "the url", String.class, url -> "body")));
        var think = g.node("think", (n, io) -> n.with("thought"));
        var tell = g.node("tell", (n, io) -> n.with(io.now().toEpochMilli()));
        g.start(fetch);
        fetch.then(think);
        think.then(tell);
        tell.end();
    });

    private static RunId run(Stage stage) {
        var worker = stage.worker(GRAPH);
        var run = worker.submit(GRAPH, INPUT);
        worker.drain();
        return run;
    }

    /** Every row of every table that holds a part of the record, and what is said when it was changed. */
    private static final Map<String, String> TAMPERS = Map.ofEntries(
            Map.entry(
                    "update run set input = replace(input, 'start', 'Start')",
                    "The input of the run is not what step 1 began with"),
            Map.entry(
                    "update run set output = replace(output, 'thought', 'guess')",
                    "The output of the run is not the state"),
            Map.entry(
                    "update run set state = replace(state, '\"step\":4', '\"step\":5')",
                    "The run stands before step 5"),
            Map.entry("update run set seq = seq + 1", "The run counts"),
            Map.entry(
                    "update task set output = replace(output, 'thought', 'guess') where name = 'think'",
                    "The output of task think[2] is not what was hashed"),
            Map.entry("update task set output = null where name = 'think'", "The output of task think[2] is missing"),
            Map.entry("delete from task where name = 'think'", "Task think[2] has succeeded by its event"),
            Map.entry("update task set name = 'thank' where name = 'think'", "Task thank[2] is no step of the run"),
            Map.entry(
                    "update effect set value = replace(value, 'body', 'Body') where kind = 'call'",
                    "The effects of task fetch[1] are not what was hashed"),
            Map.entry(
                    "update effect set request = replace(request, 'url', 'uri') where kind = 'call'",
                    "The effects of task fetch[1] are not what was hashed"),
            Map.entry("update effect set kind = 'once' where kind = 'call'", "The effects of task fetch[1]"),
            Map.entry("update effect set status = 'SKIPPED' where kind = 'call'", "The effects of task fetch[1]"),
            Map.entry("update effect set label = 'put' where kind = 'call'", "The effects of task fetch[1]"),
            Map.entry("update effect set ordinal = 1 where kind = 'now'", "The effects of task tell[3]"),
            Map.entry("delete from effect where kind = 'now'", "The effects of task tell[3] are not what was hashed"),
            Map.entry("update effect set name = 'think', idx = 2 where kind = 'now'", "The effects of task think[2]"),
            Map.entry(
                    "update event set body = replace(body, '\"edge\":\"then\"', '\"edge\":\"thus\"')",
                    "of step 1 does not fit the chain"),
            Map.entry(
                    "update event set body = replace(body, '\"next\":\"think\"', '\"next\":\"tell\"')",
                    "of step 1 does not fit the chain"),
            Map.entry("delete from event where seq = (select max(seq) from event)", "its last one is number"),
            Map.entry("delete from event where seq = (select min(seq) from event where seq > 2)", "is missing"));

    @ParameterizedTest
    @EnumSource
    void a_changed_row_of_any_table_is_found_and_named(Database database) {
        for (var tamper : TAMPERS.entrySet()) {
            try (var stage = new Stage(database)) {
                var run = run(stage);
                assertThat(flaws(stage, run)).isEmpty();
                assertThat(tamper(stage, tamper.getKey())).as(tamper.getKey()).isPositive();
                assertThat(flaws(stage, run))
                        .as(tamper.getKey())
                        .anySatisfy(flaw -> assertThat(flaw).contains(tamper.getValue()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_history_that_was_rewritten_as_a_whole_has_another_seal(Database database) {
        try (var stage = new Stage(database)) {
            var first = TimeTravel.verify(history(stage, run(stage)));
            assertThat(first.holds()).isTrue();
            assertThat(first.moments()).isEqualTo(3);
            assertThat(first.seal()).matches("[0-9a-f]{64}");
            stage.clock.advance(Duration.ofSeconds(1)); // tell records the time
            assertThat(TimeTravel.verify(history(stage, run(stage))).seal()).isNotEqualTo(first.seal());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_is_checked_against_the_run_that_it_goes_on_from(Database database) {
        for (var tamper : Map.of(
                        "update task set output = replace(output, 'body', 'Body') where name = 'from'",
                        "The output of task from[2], with which the run begins",
                        "update event set body = replace(body, '\"step\":2', '\"step\":1')",
                        "before step")
                .entrySet()) {
            try (var stage = new Stage(database)) {
                var run = run(stage);
                var fork =
                        stage.ask(pawl -> pawl.fork(run, "3", Map.of(), "test").id(), GRAPH);
                stage.worker(GRAPH).drain();
                assertThat(flaws(stage, fork)).isEmpty();
                assertThat(tamper(stage, tamper.getKey())).isPositive();
                assertThat(String.join(" ", flaws(stage, fork))).contains(tamper.getValue());
            }
        }
    }

    /** The fork itself is as it was: what it goes on from is not. */
    @ParameterizedTest
    @EnumSource
    void a_fork_notices_that_the_run_it_goes_on_from_was_rewritten(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage);
            var fork = stage.ask(pawl -> pawl.fork(run, "2", Map.of(), "test").id(), GRAPH);
            stage.worker(GRAPH).drain();
            String link = TimeTravel.timeline(history(stage, fork)).at(1).hash();
            tamper(
                    stage,
                    "update event set body = replace(body, '\"state\":\"%s', '\"state\":\"00') where body like '%%graph.step%%'"
                            .formatted(link));
            assertThat(String.join(" ", flaws(stage, fork))).contains("Run " + run + " has the state 00");
        }
    }

    @ParameterizedTest
    @EnumSource
    void jobs_and_flows_are_checked_for_what_they_keep_and_say_that_they_keep_no_chain(Database database) {
        var job = Job.define(
                "plain", Integer.class, Integer.class, (j, n) -> j.call("twice", Integer.class, () -> 2 * n));
        var flow = Flow.define("plain", Integer.class, (f, n) -> f.step("twice", Integer.class, n, x -> 2 * x));
        for (var program : List.of(job, flow)) {
            for (var tamper : Map.of(
                            "update task set output = null where status = 'SUCCEEDED'", "The output of task",
                            "delete from task where status = 'SUCCEEDED'", "has succeeded by its event",
                            "delete from event where seq = (select max(seq) from event)", "The run counts",
                            "update run set output = null", "its output is missing")
                    .entrySet()) {
                try (var stage = new Stage(database)) {
                    var worker = stage.worker(program);
                    var run = worker.submit(program, new Json("3"));
                    worker.drain();
                    var verified = TimeTravel.verify(history(stage, run));
                    assertThat(verified.flaws()).isEmpty();
                    assertThat(verified.seal()).isNull();
                    assertThat(verified.remarks()).singleElement().asString().contains("keep no chain of hashes");
                    assertThat(tamper(stage, tamper.getKey())).isPositive();
                    assertThat(String.join(" ", flaws(stage, run))).contains(tamper.getValue());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_effect_that_went_an_impossible_way_is_found(Database database) {
        var job = Job.define("ways", Integer.class, Integer.class, (j, n) -> j.once("pay", Integer.class, key -> n));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, new Json("3"));
            worker.drain();
            assertThat(flaws(stage, run)).isEmpty();
            tamper(stage, "update effect set status = 'SKIPPED' where revision = 0");
            assertThat(flaws(stage, run))
                    .containsExactly("Effect 0 of task job[0] cannot have become APPLIED after it was SKIPPED.");
        }
    }

    /** A model without anything of its own is told by its tasks. */
    @ParameterizedTest
    @EnumSource
    void a_schedule_is_told_and_verified_too(Database database) {
        var job = Job.define("hourly", Integer.class, Integer.class, (j, n) -> n);
        var schedule = new ScheduleProgram(job);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job, schedule);
            var run = worker.submit(
                    schedule,
                    Schedule.every("hourly", Duration.ofHours(1)).starts(job, 1).toJson());
            worker.drain();
            assertThat(flaws(stage, run)).isEmpty();
            assertThat(TimeTravel.timeline(history(stage, run)).last()).isZero();
            assertThat(TimeTravel.check(history(stage, run), List.of(schedule)).how())
                    .isEqualTo(Fit.How.UNKNOWN);
        }
    }
}
