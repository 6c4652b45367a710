package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CommandsTest {

    @TempDir
    Path folder;

    private Cli pawl;

    @BeforeEach
    void fresh() {
        pawl = Cli.on(folder.resolve("pawl.db"));
    }

    private static JsonNode json(String text) {
        return RunDocument.tree(new Json(text));
    }

    @Test
    void run_prints_the_output_and_nothing_else() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("f")).resolve("a.txt"), "one two\n");
        var answer = pawl.run("run", "census", "--input", "{\"folder\":\"" + folder.resolve("f") + "\"}");
        assertThat(answer.code()).isEqualTo(Exit.DONE);
        assertThat(answer.err()).isEmpty();
        assertThat(json(answer.out()).path("words").asInt()).isEqualTo(2);
    }

    @Test
    void run_with_json_prints_the_output_on_one_line() {
        assertThat(pawl.run("run", "map-over-map", "--input", "[1,2]", "--json").out())
                .isEqualTo("\"0: 1, 1: 4\"\n");
    }

    @Test
    void run_takes_its_input_from_a_file() throws Exception {
        Path input = Files.writeString(folder.resolve("in.json"), "[3]\n");
        assertThat(pawl.run("run", "map-over-map", "--input", "@" + input).line())
                .isEqualTo("\"0: 9\"");
    }

    @Test
    void run_takes_the_full_name_of_a_program_too() {
        assertThat(pawl.run("run", "flow:map-over-map", "--input", "[]").code()).isZero();
    }

    @Test
    void run_works_on_what_was_submitted_under_the_same_key() {
        String id = pawl.run("submit", "map-over-map", "--input", "[1]", "--key", "k")
                .line();
        assertThat(pawl.run("run", "map-over-map", "--input", "[1]", "--key", "k")
                        .line())
                .isEqualTo("\"0: 1\"");
        assertThat(pawl.run("run", "map-over-map", "--input", "[7]", "--key", "k")
                        .line())
                .isEqualTo("\"0: 1\"");
        assertThat(pawl.run("submit", "map-over-map", "--key", "k", "--input", "[]")
                        .line())
                .isEqualTo(id);
        assertThat(pawl.run("list").out().lines()).hasSize(2);
    }

    @Test
    void run_serves_the_queue_of_its_program() {
        assertThat(pawl.run("run", "limited", "--input", "\"a page\"").line()).isEqualTo("\"printed a page\"");
    }

    @Test
    void a_failed_run_exits_with_1_and_says_why() {
        var answer = pawl.run("run", "waiting-for-all", "--input", "false");
        assertThat(answer.code()).isEqualTo(Exit.RUN_FAILED);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err())
                .contains("The card was declined (LOGIC).")
                .contains("pawl retry ")
                .doesNotContain("\tat ");
    }

    @Test
    void a_failed_run_is_a_json_object_on_standard_error_with_json() {
        var answer = pawl.run("run", "waiting-for-all", "--input", "false", "--json");
        assertThat(answer.code()).isEqualTo(Exit.RUN_FAILED);
        var error = json(answer.err());
        assertThat(error.path("error").asString()).isEqualTo("run_failed");
        assertThat(error.path("exitCode").asInt()).isEqualTo(1);
        assertThat(error.path("problem").path("message").asString()).contains("declined");
    }

    @Test
    void list_shows_the_newest_first_and_filters() {
        String first = pawl.run("submit", "once", "--input", "{\"number\":\"1\",\"mail\":\"a\"}")
                .line();
        String second = pawl.run("submit", "map-over-map", "--input", "[1]").line();
        assertThat(pawl.run("list", "--json")
                        .out()
                        .lines()
                        .map(line -> json(line).path("run").asString()))
                .containsExactly(second, first);
        assertThat(pawl.run("list", "--program", "once", "--json").out().lines())
                .hasSize(1);
        assertThat(pawl.run("list", "--status", "queued", "--json").out().lines())
                .hasSize(2);
        assertThat(pawl.run("list", "--status", "SUCCEEDED", "--json").out()).isEmpty();
        assertThat(pawl.run("list", "--limit", "1", "--json").out().lines()).hasSize(1);
        assertThat(pawl.run("list").out()).contains("RUN", "QUEUED", first, second);
    }

    @Test
    void show_tells_steps_attempts_and_output() {
        pawl.run("run", "map-over-map", "--input", "[1,2,3]");
        var page = pawl.run("show", "last").out();
        assertThat(page).contains("flow:map-over-map version 1", "SUCCEEDED", "square", "label", "0: 1, 1: 4, 2: 9");
        var document = json(pawl.run("show", "last", "--json", "--tasks").out());
        assertThat(document.path("steps")
                        .valueStream()
                        .map(step -> step.path("step").asString()))
                .containsExactly("square", "label", "join");
        assertThat(document.path("steps").path(0).path("done").asInt()).isEqualTo(3);
        assertThat(document.path("tasks").size()).isEqualTo(7);
        assertThat(document.path("output").asString()).isEqualTo("0: 1, 1: 4, 2: 9");
        assertThat(document.path("input").size()).isEqualTo(3);
    }

    @Test
    void show_takes_the_beginning_of_an_id() {
        String id = pawl.run("submit", "map-over-map", "--input", "[1]").line();
        assertThat(pawl.run("show", id.substring(0, 20)).out()).contains(id);
        assertThat(pawl.run("show", id.toLowerCase(java.util.Locale.ROOT)).out())
                .contains(id);
        pawl.run("submit", "map-over-map", "--input", "[1]");
        assertThat(pawl.run("show", id.substring(0, 4)).code()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void show_tells_why_a_task_failed() {
        pawl.run("run", "tolerating", "--input", "[\"1\",\"two\",\"three\"]");
        assertThat(pawl.run("show", "last").out()).contains("FAILED", "NumberFormatException");
        assertThat(pawl.run("show", "last", "--tasks").out()).contains("parse[2]");
    }

    @Test
    void events_are_gap_free_and_follow_ends_with_the_run() {
        pawl.run("run", "map-over-map", "--input", "[1]");
        var events = json(pawl.run("events", "last", "--json").out());
        for (int i = 0; i < events.size(); i++)
            assertThat(events.path(i).path("seq").asInt()).isEqualTo(i + 1);
        var lines =
                pawl.run("events", "last", "--follow", "--json").out().lines().toList();
        assertThat(lines).hasSize(events.size());
        assertThat(json(lines.getLast()).path("kind").asString()).isEqualTo("run.succeeded");
        assertThat(pawl.run("events", "last").out()).contains("run.queued", "task.succeeded", "square[0]");
    }

    @Test
    void verbs_change_a_run_or_are_refused() {
        pawl.run("submit", "map-over-map", "--input", "[1]");
        assertThat(pawl.run("pause", "last").code()).isEqualTo(Exit.REFUSED);
        assertThat(pawl.run("retry", "last").err()).contains("only a FAILED or CANCELLED run can");
        assertThat(pawl.run("cancel", "last").out()).contains("CANCELLED");
        assertThat(pawl.run("cancel", "last").code()).isEqualTo(Exit.REFUSED);
        assertThat(pawl.run("resume", "last").code()).isEqualTo(Exit.REFUSED);
        String old = json(pawl.run("list", "--json").out()).path("run").asString();
        String retry = pawl.run("retry", "last").line();
        assertThat(json(pawl.run("show", retry, "--json").out()).path("retryOf").asString())
                .isEqualTo(old);
    }

    @Test
    void explain_says_why_a_run_waits() {
        pawl.run("submit", "map-over-map", "--input", "[1]");
        assertThat(pawl.run("explain", "last").out()).contains("pawl worker");
        assertThat(json(pawl.run("explain", "last", "--json").out())
                        .path("explanation")
                        .asString())
                .isNotEmpty();
    }

    @Test
    void programs_lists_the_examples() {
        assertThat(Cli.plain("programs").out()).contains("flow:census", "list count[] total", "examples");
        assertThat(json(Cli.plain("programs", "--json").out())
                        .path(0)
                        .path("shape")
                        .path("steps")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void migrate_prints_the_sql_and_touches_nothing() {
        var answer = pawl.run("migrate", "--print");
        assertThat(answer.out()).contains("create table");
        assertThat(folder.resolve("pawl.db")).doesNotExist();
        assertThat(Cli.plain("migrate", "--print", "--db", "jdbc:postgresql://nowhere/x")
                        .out())
                .contains("create table");
        assertThat(pawl.run("migrate").out()).contains("up to date");
        assertThat(folder.resolve("pawl.db")).exists();
    }

    @Test
    void prune_deletes_what_ended_long_enough_ago() {
        pawl.run("run", "map-over-map", "--input", "[1]");
        assertThat(pawl.run("prune").line()).isEqualTo("0 runs pruned.");
        assertThat(pawl.run("prune", "--older-than", "0s").line()).isEqualTo("1 run pruned.");
        assertThat(pawl.run("list").err()).contains("No runs yet.");
    }

    @Test
    void health_is_critical_when_most_runs_fail_and_says_what_to_do() {
        pawl.run("run", "map-over-map", "--input", "[1]");
        var well = pawl.run("health");
        assertThat(well.code()).isEqualTo(Exit.DONE);
        assertThat(well.out()).startsWith("HEALTHY\n").contains("1 succeeded", "100 % of 1");
        for (int i = 0; i < 3; i++) pawl.run("run", "waiting-for-all", "--input", "false");
        var ill = pawl.run("health");
        assertThat(ill.code()).isEqualTo(Exit.CRITICAL);
        assertThat(ill.out())
                .startsWith("CRITICAL\n")
                .contains("3 of 4 runs of the last 24 h that have ended failed (3 LOGIC)")
                .contains("pawl list --status failed\n", "25 % of 4");
        pawl.run("prune", "--older-than", "0s");
        assertThat(pawl.run("health").code()).isZero();
    }

    @Test
    void health_with_json_tells_all_there_is() {
        pawl.run("run", "waiting-for-all", "--input", "false");
        pawl.run("submit", "map-over-map", "--input", "[1]");
        var answer = pawl.run("health", "--json");
        assertThat(answer.code()).isEqualTo(Exit.CRITICAL);
        var health = json(answer.out());
        assertThat(health.path("level").asString()).isEqualTo("CRITICAL");
        assertThat(health.path("reasons").path(0).path("sentence").asString()).contains("1 of 1 runs");
        assertThat(health.path("runs").path("byStatus").path("QUEUED").asInt()).isEqualTo(1);
        assertThat(health.path("runs").path("successRate").asDouble(1)).isZero();
        assertThat(health.path("due").path(0).path("queue").asString()).isEqualTo("default");
        assertThat(health.path("due").path(0).path("oldest").path("ageMillis").asLong(-1))
                .isNotNegative();
        assertThat(health.path("stuck").path("runs").isEmpty()).isTrue();
        assertThat(health.path("workers").isArray()).isTrue();
        assertThat(health.path("clockSkewMillis").isNumber()).isTrue();
        assertThat(pawl.run("health", "--within", "0s").code()).isZero();
        assertThat(pawl.run("health", "--within", "soon").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void options_may_stand_before_the_command() {
        pawl.run("run", "map-over-map", "--input", "[1]");
        assertThat(Cli.plain("--json", "--db", pawl.url(), "list").out().lines())
                .hasSize(1);
    }

    @Test
    void help_names_every_command() {
        var help = Cli.plain("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("demo", "run", "submit", "worker", "list", "show", "events", "cancel", "pause", "resume")
                .contains("retry", "explain", "health", "programs", "migrate", "prune", "Exit codes")
                .doesNotContain("demo-worker");
        assertThat(Cli.plain("run", "--help").out()).contains("--input", "--key", "--db");
        assertThat(Cli.plain("help", "run").out()).contains("--input");
        assertThat(Cli.plain("--version").out()).contains("pawl");
    }
}
