package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.testkit.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code pawl schedule}. */
class ScheduleCommandsTest {

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

    private JsonNode shown(String name) {
        return json(pawl.run("schedule", "show", name, "--json").out());
    }

    private Cli.Answer addNightly() {
        return pawl.run(
                "schedule",
                "add",
                "nightly",
                "--cron",
                "0 2 * * *",
                "--zone",
                "Europe/Berlin",
                "--program",
                "map-over-map",
                "--input",
                "[1,2]");
    }

    @Test
    void a_schedule_is_added_listed_and_shown_with_its_next_ten_times() {
        var added = addNightly();
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.line())
                .startsWith("Schedule \"nightly\" fires next on ")
                .contains(" 02:00:00 +0");
        pawl.run("schedule", "add", "hourly", "--every", "1h30m", "--program", "map-over-map", "--input", "[3]");
        assertThat(pawl.run("schedule", "list").out())
                .contains("NAME", "0 2 * * * Europe/Berlin", "every 1 h 30 min", "flow:map-over-map", "QUEUED");
        assertThat(pawl.run("schedule", "list", "--json")
                        .out()
                        .lines()
                        .map(line -> json(line).path("name").asString()))
                .containsExactly("hourly", "nightly");
        var page = pawl.run("schedule", "show", "nightly").out();
        assertThat(page).contains("Overlap   skip", "Catch-up  latest", "Input     [1,2]", "0 times, 0 skipped");
        assertThat(page.lines().filter(line -> line.contains(" 02:00:00 +0"))).hasSize(10);
        assertThat(shown("nightly").path("next").size()).isEqualTo(10);
        assertThat(pawl.run("list").out()).contains("schedule:schedule", "schedule:nightly");
        assertThat(pawl.run("show", "last").code()).isZero();
        assertThat(pawl.run("list", "--program", "schedule", "--json").out().lines())
                .hasSize(2);
    }

    @Test
    void an_edit_changes_what_is_given_and_leaves_the_rest() {
        addNightly();
        var edited =
                pawl.run("schedule", "edit", "nightly", "--zone", "UTC", "--overlap", "queue", "--catch-up", "all:5");
        assertThat(edited.code()).as(edited.err()).isZero();
        pawl.run("schedule", "edit", "nightly", "--jitter", "5m", "--until", "2099-01-01", "--input", "[7]");
        var schedule = shown("nightly").path("schedule");
        assertThat(schedule.path("cron").asString()).isEqualTo("0 2 * * *");
        assertThat(schedule.path("zone").asString()).isEqualTo("UTC");
        assertThat(schedule.path("overlap").asString()).isEqualTo("QUEUE_ONE");
        assertThat(schedule.path("catchUp").asInt()).isEqualTo(5);
        assertThat(schedule.path("jitter").asString()).isEqualTo("PT5M");
        assertThat(schedule.path("until").asString()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(schedule.path("input").toString()).isEqualTo("[7]");
        pawl.run("schedule", "edit", "nightly", "--every", "10m", "--until", "none");
        assertThat(shown("nightly").path("schedule").path("every").asString()).isEqualTo("PT10M");
        assertThat(shown("nightly").path("schedule").has("until")).isFalse();
    }

    @Test
    void a_removed_schedule_frees_its_name_and_is_restarted_under_it() {
        addNightly();
        assertThat(addNightly().code()).isEqualTo(Exit.REFUSED);
        assertThat(addNightly().err()).contains("\"nightly\" already", "pawl schedule edit nightly");
        String run = shown("nightly").path("run").asString();
        assertThat(pawl.run("schedule", "remove", "nightly", "--comment", "no need")
                        .line())
                .isEqualTo("Schedule \"nightly\" is removed.");
        assertThat(pawl.run("schedule", "list").err()).contains("No schedules yet.");
        var restarted = pawl.run("restart", run);
        assertThat(restarted.code()).as(restarted.err()).isZero();
        assertThat(shown("nightly").path("run").asString()).isEqualTo(restarted.line());
    }

    @Test
    void a_worker_fires_what_is_triggered_and_holds_what_is_paused() throws Exception {
        addNightly();
        try (var worker = CliProcess.start(folder, "worker", "--db", pawl.url())) {
            assertThat(worker.readLine()).contains("Ready").doesNotContain("schedule");
            awaitShown("status", "RUNNING");
            assertThat(pawl.run("schedule", "trigger", "nightly").line())
                    .isEqualTo("Schedule \"nightly\" is triggered.");
            awaitShown("fired", "1");
            var run = shown("nightly").path("lastRun").asString();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> pawl.run("show", run).out().contains("0: 1, 1: 4"));
            assertThat(pawl.run("events", run).out()).contains("nightly@");
            assertThat(pawl.run("schedule", "pause", "nightly", "--comment", "holidays")
                            .code())
                    .isZero();
            assertThat(pawl.run("schedule", "trigger", "nightly").err()).contains("holidays", "when it is resumed");
            assertThat(pawl.run("schedule", "list").out()).contains("PAUSED", "holidays; 1 trigger waiting");
            assertThat(pawl.run("schedule", "pause", "nightly").code()).isEqualTo(Exit.REFUSED);
            assertThat(pawl.run("schedule", "resume", "nightly").code()).isZero();
            awaitShown("fired", "2");
            worker.terminate();
            assertThat(worker.await(20)).isZero();
        }
    }

    private void awaitShown(String what, String value) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> shown("nightly").path(what).asString().equals(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --program map-over-map --input []                           | --every 5m
            --every 5m --cron @daily --program map-over-map --input []  | --cron
            --every 5m --zone UTC --program map-over-map --input []     | --zone goes with --cron
            --every 100ms --program map-over-map --input []             | at least 1 second
            --every 999999999w --program map-over-map --input []        | at most 100 years
            --every soon --program map-over-map --input []              | 1h30m
            --every 5m                                                  | --program
            --every 5m --program map-over-map                           | --input
            --every 5m --program map-over-map --input 5                 | flow "map-over-map"
            --cron nonsense --program map-over-map --input []           | cron expression "nonsense"
            --cron @daily --zone Mars --program map-over-map --input [] | no time zone 'Mars'
            --every 5m --overlap x --program map-over-map --input []    | skip, queue, allow and cancel
            --every 5m --catch-up all --program map-over-map --input [] | all:N
            --every 5m --catch-up all:5000 --program map-over-map       | 1000
            --every 5m --from later --program map-over-map --input []   | 2026-12-01T08:00
            --every 5m --until 2020-01-01 --program map-over-map --input [] | over already
            """)
    void what_cannot_be_is_wrong_usage_and_says_why(String options, String says) {
        var all = new java.util.ArrayList<>(java.util.List.of("schedule", "add", "s"));
        all.addAll(java.util.List.of(options.split(" ")));
        var answer = pawl.run(all.toArray(String[]::new));
        assertThat(answer.code()).as(answer.err()).isEqualTo(Exit.USAGE);
        assertThat(answer.err()).contains(says).doesNotContain("bug").doesNotContain("\tat ");
    }

    @Test
    void what_is_not_there_is_not_found() {
        addNightly();
        for (String verb : new String[] {"show", "pause", "resume", "trigger", "remove"}) {
            var answer = pawl.run("schedule", verb, "nigthly");
            assertThat(answer.code()).as(verb).isEqualTo(Exit.NOT_FOUND);
            assertThat(answer.err()).contains("\"nigthly\"", "pawl schedule list");
        }
        assertThat(pawl.run("schedule", "edit", "nigthly", "--jitter", "1s").code())
                .isEqualTo(Exit.NOT_FOUND);
        assertThat(pawl.run("schedule", "add", "x", "--every", "5m", "--program", "none")
                        .code())
                .isEqualTo(Exit.NOT_FOUND);
        assertThat(pawl.run("schedule", "edit", "nightly").err()).contains("What shall change?");
        assertThat(pawl.run("schedule", "pause", "nightly").code()).isEqualTo(Exit.REFUSED);
    }

    @Test
    void help_names_every_command() {
        assertThat(Cli.plain("schedule", "--help").out())
                .contains("add", "list", "show", "edit", "pause", "resume", "trigger", "remove");
        assertThat(Cli.plain("schedule", "add", "--help").out()).contains("--cron", "--catch-up", "--db");
        assertThat(Cli.plain("schedule", "pause", "--help").out()).contains("NAME", "Holds a schedule");
        var unknown = Cli.plain("schedule", "nap");
        assertThat(unknown.code()).isEqualTo(Exit.USAGE);
        assertThat(unknown.err()).contains("no command 'nap'", "trigger");
        assertThat(Cli.plain("schedule").code()).isEqualTo(Exit.USAGE);
        assertThat(Cli.plain("--help").out()).contains("schedule");
    }

    @Test
    void built_in_programs_are_neither_listed_nor_asked_for() {
        addNightly();
        assertThat(Cli.plain("programs").out()).doesNotContain("schedule:");
        assertThat(pawl.run("health").code()).isZero();
    }

    @Test
    void the_same_works_on_postgresql() {
        pawl = new Cli(Postgres.shared().freshDatabase());
        addNightly();
        assertThat(pawl.run("schedule", "list").out()).contains("nightly");
        assertThat(pawl.run("schedule", "edit", "nightly", "--jitter", "1m").code())
                .isZero();
        assertThat(pawl.run("schedule", "trigger", "nightly").code()).isZero();
        assertThat(shown("nightly").path("triggers").asInt()).isEqualTo(1);
        assertThat(pawl.run("schedule", "remove", "nightly").code()).isZero();
    }
}
