package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Looking back on runs from the command line: replay, verify, diff, fork, export and check. */
class TravelCommandsTest {

    private static final String GRAPH = """
            dev.pawl.graph.Graph.define("counting", Integer.class, g -> {
                var add = g.node("add", (n, io) -> n + io.call("number", Map.of("of", Map.of("add", %d)), Integer.class, r -> 5));
                var twice = g.node("twice", (n, io) -> 2 * n);
                g.start(add);
                add.then(twice);
                twice.when("small", n -> n < 20, add).otherwiseEnd();
            })""";

    private static final String JOB = """
            dev.pawl.job.Job.define("waiting", Integer.class, String.class,
                (j, n) -> j.call("%s", String.class, () -> "x") + j.await("go", String.class))""";

    @TempDir
    Path folder;

    private Cli pawl;
    private String jar;

    @BeforeEach
    void fresh() throws Exception {
        pawl = Cli.on(folder.resolve("pawl.db"));
        jar = jar("one.jar", 1, "look");
    }

    private String jar(String name, int add, String call) throws Exception {
        return UserJar.of(folder.resolve(name), GRAPH.formatted(add) + "," + JOB.formatted(call))
                .toString();
    }

    private Cli.Answer with(String jar, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--jar", jar));
        return pawl.run(all.toArray(String[]::new));
    }

    /** 0, then add 5, twice 10, add 15, twice 30. */
    private String counted() {
        assertThat(with(jar, "run", "counting", "--input", "0").line()).isEqualTo("30");
        return json(pawl.run("show", "last", "--json")).path("run").asString("");
    }

    private static JsonNode json(Cli.Answer answer) {
        return RunDocument.tree(new Json(answer.out()));
    }

    // ---- replay ---------------------------------------------------------------------------------------------------

    @Test
    void a_run_is_replayed_step_by_step() {
        String run = counted();
        var answer = with(jar, "replay", run);
        assertThat(answer.code()).as(answer.err()).isEqualTo(Exit.DONE);
        assertThat(answer.out().lines().toList())
                .anySatisfy(line -> assertThat(line).matches(" +1  add  [0-9a-f]{16}  then -> twice"))
                .anySatisfy(line -> assertThat(line).matches(" +0  call \"number\"  APPLIED  5"))
                .anySatisfy(line -> assertThat(line).matches(" +4  twice  [0-9a-f]{16}  otherwise -> the end"))
                .last()
                .isEqualTo("It ended as recorded.");
        var document = json(with(jar, "replay", run, "--json"));
        assertThat(document.path("moments")).hasSize(5);
        assertThat(document.path("moments").get(1).path("hash").asString("")).matches("[0-9a-f]{64}");
        assertThat(document.path("divergence").isNull()).isTrue();
    }

    @Test
    void a_divergence_is_shown_with_its_fields_and_ends_with_1() throws Exception {
        String run = counted();
        String other = jar("two.jar", 2, "look");
        var answer = with(other, "replay", run);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.out())
                .contains("the beginning", "Divergence at 1 in add[1], position 0, call", "of/add was 1 and is now 2.");
        assertThat(answer.out()).doesNotContain("twice  ");
        var document = json(with(other, "replay", run, "--json"));
        assertThat(document.path("divergence").path("position").asInt(-1)).isZero();
        assertThat(document.path("divergence").path("recorded").asString("")).matches("[0-9a-f]{64}");
    }

    /** Defect 12: 0 is a step, and not "no step". */
    @Test
    void a_state_is_shown_by_its_number_and_0_is_one() {
        String run = counted();
        assertThat(with(jar, "replay", run, "--to", "0").line()).isEqualTo("0");
        assertThat(with(jar, "replay", run, "--to", "3").line()).isEqualTo("15");
        assertThat(json(with(jar, "replay", run, "--to", "2", "--json"))
                        .path("state")
                        .asInt(0))
                .isEqualTo(10);
        var beyond = with(jar, "replay", run, "--to", "5");
        assertThat(beyond.code()).isEqualTo(Exit.NOT_FOUND);
        assertThat(beyond.err()).contains("goes from 0 to 4");
        assertThat(with(jar, "replay", run, "--to", "x").code()).isEqualTo(Exit.USAGE);
        // Without the code it is told from the record.
        var told = pawl.run("replay", run, "--to", "1");
        assertThat(told.line()).isEqualTo("5");
        assertThat(told.err()).contains("There is no code of graph:counting");
        assertThat(pawl.run("replay", run).code()).isEqualTo(Exit.REFUSED);
    }

    @Test
    void somebody_goes_through_a_run_over_a_pipe() {
        String run = counted();
        var answer = pawl.typing(
                String.join(
                        "\n",
                        "next",
                        "effects",
                        "",
                        "state",
                        "back",
                        "back",
                        "back",
                        "goto 4",
                        "next",
                        "diff 0 4",
                        "search NUMBER",
                        "goto 9",
                        "goto x",
                        "diff 1",
                        "nonsense",
                        "help",
                        "search nowhere",
                        "quit",
                        "next"),
                "replay",
                run,
                "--interactive",
                "--jar",
                jar);
        assertThat(answer.code()).as(answer.err()).isEqualTo(Exit.DONE);
        assertThat(answer.out())
                .contains(
                        "steps 0 to 4",
                        "1 effect",
                        "call \"number\"  APPLIED  5",
                        "This is the beginning.",
                        "otherwise -> the end",
                        "That was the last step.",
                        "- It was 0 and is now 30.",
                        "There is no step 9: the record goes from 0 to 4",
                        "'x' is no number of a step",
                        "diff wants two steps",
                        "There is no word 'nonsense'",
                        "search TEXT",
                        "There is no 'nowhere' in this run.");
        assertThat(answer.out().stripTrailing()).endsWith("There is no 'nowhere' in this run.");
        // The end of the input is an end as well.
        assertThat(pawl.typing("next", "replay", run, "-i", "--jar", jar).code())
                .isEqualTo(Exit.DONE);
    }

    // ---- verify ---------------------------------------------------------------------------------------------------

    @Test
    void a_record_is_verified_without_its_code() throws Exception {
        String run = counted();
        var answer = pawl.run("verify", run);
        assertThat(answer.code()).isEqualTo(Exit.DONE);
        assertThat(answer.line()).matches("Run " + run + " holds: 4 steps, sealed by [0-9a-f]{64}\\.");
        with(jar, "run", "census", "--input", "{\"folder\": \"" + folder.resolve("nothing") + "\"}");
        assertThat(pawl.run("verify", "--all").code()).isEqualTo(Exit.DONE);
        try (var connection = DriverManager.getConnection(pawl.url());
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update effect set value = '6' where kind = 'call'"))
                    .isEqualTo(2);
        }
        var changed = pawl.run("verify", run);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out()).contains("does not hold", "The effects of task add[1]", "The effects of task add[3]");
        assertThat(json(pawl.run("verify", run, "--json")).path("flaws")).hasSize(2);
        var all = pawl.run("verify", "--all");
        assertThat(all.code()).isEqualTo(1);
        assertThat(all.out()).contains(run, "1 with flaws");
        assertThat(pawl.run("verify").code()).isEqualTo(Exit.USAGE);
        assertThat(pawl.run("verify", run, "--all").code()).isEqualTo(Exit.USAGE);
        assertThat(pawl.run("verify", "01ABCDEF").code()).isEqualTo(Exit.NOT_FOUND);
    }

    // ---- forks and differences ------------------------------------------------------------------------------------

    @Test
    void a_fork_with_another_state_is_laid_beside_the_original() {
        String run = counted();
        assertThat(pawl.run("diff", run, "0", "4").out()).contains("It was 0 and is now 30.");
        assertThat(pawl.run("diff", run, "1", "1").out()).contains("nothing changed");
        String fork = with(jar, "fork", run, "--from", "3", "--state", "11").line();
        var diff = pawl.run("diff", run, fork);
        assertThat(diff.code()).as(diff.err()).isEqualTo(Exit.DONE);
        assertThat(diff.out()).contains("They part at step 2.", "It was 10 and is now 11.");
        assertThat(pawl.run("diff", run, run).out()).contains("They are the same");
        var document = json(pawl.run("diff", run, fork, "--json"));
        assertThat(document.path("number").asInt(0)).isEqualTo(2);
        var refused = with(jar, "fork", run, "--from", "3", "--state", "\"text\"");
        assertThat(refused.code()).isEqualTo(Exit.REFUSED);
    }

    // ---- files ----------------------------------------------------------------------------------------------------

    @Test
    void an_exported_run_is_replayed_and_verified_where_there_is_no_database() throws Exception {
        String run = counted();
        String file = folder.resolve("run.json").toString();
        assertThat(pawl.run("export", run, "-o", file).code()).isEqualTo(Exit.DONE);
        assertThat(pawl.run("export", run).out()).isEqualTo(Files.readString(Path.of(file)));
        var elsewhere = Cli.on(folder.resolve("no.db"));
        var replayed = elsewhere.run("replay", file, "--jar", jar);
        assertThat(replayed.code()).as(replayed.err()).isEqualTo(Exit.DONE);
        assertThat(replayed.out()).contains("It ended as recorded.");
        assertThat(elsewhere.run("replay", file, "--to", "0", "--jar", jar).line())
                .isEqualTo("0");
        assertThat(elsewhere.run("verify", file).code()).isEqualTo(Exit.DONE);
        assertThat(elsewhere.run("diff", file, "0", "1").out()).contains("It was 0 and is now 5.");
        assertThat(folder.resolve("no.db")).doesNotExist();
        assertThat(elsewhere
                        .run("replay", folder.resolve("none.json").toString())
                        .code())
                .isEqualTo(Exit.NOT_FOUND);
        Files.writeString(folder.resolve("bad.json"), "{}");
        var bad = elsewhere.run("replay", folder.resolve("bad.json").toString());
        assertThat(bad.code()).isEqualTo(Exit.USAGE);
        assertThat(bad.err()).contains("bad.json is no exported run");
    }

    /** A run that waits for a signal, worked on by a process with the same code. */
    private String waiting() {
        var job = Job.define(
                "waiting",
                Integer.class,
                String.class,
                (j, n) -> j.call("look", String.class, () -> "x") + j.await("go", String.class));
        try (var working = Pawl.open(pawl.url(), job)) {
            var run = working.submit(job, 1).id();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!working.explain(run).contains("waits for signal 'go'") && System.nanoTime() < end) {
                LockSupport.parkUntil(1);
            }
            assertThat(working.explain(run)).contains("waits for signal 'go'");
            return run.toString();
        }
    }

    @Test
    void a_new_build_is_checked_against_open_and_ended_runs() throws Exception {
        String ended = counted();
        String open = waiting();
        var fine = with(jar, "check");
        assertThat(fine.code()).as(fine.out() + fine.err()).isEqualTo(Exit.DONE);
        assertThat(fine.out()).contains("1 run checked. Would go another way: 0 open, 0 ended.");
        Path exports = Files.createDirectory(folder.resolve("exports"));
        for (String run : List.of(ended, open))
            pawl.run("export", run, "-o", exports.resolve(run + ".json").toString());
        assertThat(with(jar, "check", "--against", exports.toString()).code()).isEqualTo(Exit.DONE);
        String other = jar("two.jar", 2, "peek");
        var database = with(other, "check");
        assertThat(database.code()).isEqualTo(1);
        assertThat(database.out()).contains(open, "diverges", "call \"peek\"").doesNotContain(ended);
        var files = with(other, "check", "--against", exports.toString());
        assertThat(files.code()).isEqualTo(1);
        assertThat(files.out()).contains(ended, open, "Would go another way: 1 open, 1 ended.");
        var document = json(with(
                other, "check", "--against", exports.resolve(open + ".json").toString(), "--json"));
        assertThat(document).hasSize(1);
        assertThat(document.get(0).path("fit").asString("")).isEqualTo("DIVERGES");
        // Without any code the open run could not go on; the ended one need not.
        var none = pawl.run("check", "--against", exports.toString());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).contains("Without code here: 2.");
        assertThat(pawl.run("check", "--against", folder.resolve("gone").toString())
                        .code())
                .isEqualTo(Exit.NOT_FOUND);
    }
}
