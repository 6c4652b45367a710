package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Edits.Edit;
import dev.pawl.Script.Ask;
import dev.pawl.Script.Verdict;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.json.Codec;
import dev.pawl.spi.Program;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs that were stopped in the middle go on with code that was edited meanwhile, by chance: what does not fit is found out
 * before anything new happens outside, and what fits is not complained about. An oracle says which is which.
 */
class GraphEditsTest {

    private static final int EACH = 15;

    private final List<String> performed = new ArrayList<>();
    private final Map<Boolean, Integer> replays = new HashMap<>();
    private CrashingStore crashing;
    private boolean deadly;

    private void perform(Ask ask) {
        if (deadly && ask.name().equals("stop")) {
            deadly = false;
            throw crashing.die("stop");
        }
        performed.add(ask.recorded());
    }

    private Program code(Script script, String name, String version) {
        return script.graph(name, version, this::perform);
    }

    @ParameterizedTest
    @EnumSource
    void every_edit_that_does_not_fit_is_found_before_anything_happens_and_no_other(Database database) {
        var verdicts = new EnumMap<Verdict, Integer>(Verdict.class);
        int edits = 0;
        try (var stage = new Stage(database);
                var person = stage.client()) {
            crashing = new CrashingStore(stage.store);
            for (int seed = 0; seed < EACH; seed++) {
                for (Edit edit : Edit.values()) {
                    var edited = Edits.of(seed, edit);
                    verdicts.merge(check(stage, person, edited, "g" + seed + edit), 1, Integer::sum);
                    edits++;
                }
            }
        }
        assertThat(edits).isGreaterThan(200);
        assertThat(verdicts)
                .hasSize(3)
                .allSatisfy(
                        (verdict, count) -> assertThat(count).as(verdict.name()).isGreaterThan(40));
    }

    private Verdict check(Stage stage, Pawl person, Edits.Case one, String name) {
        var old = code(one.began(), name, "1");
        var run = stopped(stage, old, one);
        replays(stage, run, one, name);
        if (one.stop().approval()) person.approve(run, true, "ann", "");
        int before = performed.size();
        var verdict = one.edited().goesOn(one.began(), one.stop());
        String what = verdict + ", " + name + " " + one;
        switch (verdict) {
            case COMPATIBLE -> {
                var edited = code(one.edited(), name, "1");
                assertThat(edited.differences(old.shape())).as(what).isEmpty();
                finish(stage, person, edited, run, what);
                ends(stage, run, one.edited().foretold(one.began(), one.stop()), what);
            }
            case DIVERGED -> {
                var edited = code(one.edited(), name, "1");
                assertThat(edited.differences(old.shape())).as(what).isEmpty();
                var worker = stage.worker(edited);
                worker.drain();
                assertThat(performed).as(what).hasSize(before);
                assertThat(stage.status(run)).as(what).isEqualTo(RunStatus.BLOCKED);
                assertThat(stage.store.run(run).orElseThrow().run().reason())
                        .as(what)
                        .isEqualTo(Reason.DIVERGED);
                assertThat(stage.problem(run).failureClass()).as(what).isEqualTo(FailureClass.DIVERGED);
                assertThat(stage.problem(run).message()).as(what).contains(run.toString(), "at position", name);
                worker.command(run, Verb.RESUME);
                finish(stage, person, old, run, what);
                ends(stage, run, one.began().foretold(one.began(), one.stop()), what);
            }
            case SHAPE -> {
                refused(stage, code(one.edited(), name, "1"), what);
                stage.worker(code(one.edited(), name, "2")).drain();
                assertThat(performed).as(what).hasSize(before);
                assertThat(stage.status(run)).as(what).isIn(RunStatus.RUNNING, RunStatus.QUEUED);
                finish(stage, person, old, run, what);
                ends(stage, run, one.began().foretold(one.began(), one.stop()), what);
            }
        }
        return verdict;
    }

    private RunId stopped(Stage stage, Program old, Edits.Case one) {
        performed.clear();
        crashing.behave();
        deadly = !one.stop().approval();
        var worker = new HandDriven(crashing.store(), stage.clock, List.of(old));
        var run = worker.submit(old, Script.INPUT);
        if (one.stop().approval()) {
            worker.drain();
            assertThat(stage.store.run(run).orElseThrow().run().reason()).isEqualTo(Reason.APPROVAL);
        } else {
            assertThatThrownBy(worker::drain).isInstanceOf(Crash.class);
        }
        stage.clock.advance(Duration.ofSeconds(10));
        return run;
    }

    /** E9, E10: executed again without touching the outside, before anything is deployed. */
    private void replays(Stage stage, RunId run, Edits.Case one, String name) {
        int before = performed.size();
        boolean same = one.edited().replays(one.began(), one.stop());
        var replay = Travels.replay(stage, run, code(one.edited(), name, "1"));
        assertThat(replay.same()).as("%s, %s %s", replay, name, one).isEqualTo(same);
        assertThat(performed).hasSize(before);
        replays.merge(same, 1, Integer::sum);
    }

    /** Code of another shape is not taken up under the same version. */
    private static void refused(Stage stage, Program edited, String what) {
        try (var pawl = stage.client(edited)) {
            assertThat(pawl.misfits()).as(what).hasSize(1).first().asString().contains("another shape");
        }
        stage.clock.advance(Duration.ofSeconds(3));
    }

    private void finish(Stage stage, Pawl person, Program code, RunId run, String what) {
        var worker = stage.worker(code);
        for (int turns = 0; !stage.status(run).terminal(); turns++) {
            assertThat(turns).as(what).isLessThan(20);
            worker.drain();
            var now = stage.store.run(run).orElseThrow().run();
            if (now.status() == RunStatus.BLOCKED) {
                assertThat(now.reason()).as("%s: %s", what, stage.problem(run)).isEqualTo(Reason.APPROVAL);
                person.approve(run, true, "ann", "");
            }
            stage.clock.advance(Duration.ofSeconds(10));
        }
    }

    private static void ends(Stage stage, RunId run, Script.End foretold, String what) {
        assertThat(stage.status(run)).as(what).isEqualTo(RunStatus.SUCCEEDED);
        var steps = Evidence.of(stage, run);
        assertThat(steps).as(what).extracting(Evidence::node).isEqualTo(foretold.path());
        var output = Codec.STANDARD.read(
                new Json(stage.store.run(run).orElseThrow().output().stored()),
                dev.pawl.json.TypeRef.of(Map.class),
                "The output");
        assertThat(output.get("log")).as(what).isEqualTo(foretold.log());
        assertThat(output.get("n")).as(what).isEqualTo(foretold.path().size());
    }
}
