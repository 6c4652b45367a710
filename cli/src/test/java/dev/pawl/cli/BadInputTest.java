package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever people get wrong: a clear sentence with the way out on standard error, and the right exit code. */
class BadInputTest {

    @TempDir
    Path folder;

    private Cli pawl;

    @BeforeEach
    void fresh() {
        pawl = Cli.on(folder.resolve("pawl.db"));
    }

    private static void assertSays(Cli.Answer answer, int code, String... words) {
        assertThat(answer.err()).contains(words).doesNotContain("\tat ").doesNotContain("bug of Pawl");
        assertThat(answer.code()).as(answer.err()).isEqualTo(code);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void an_unknown_program_is_not_found() {
        assertSays(pawl.run("run", "nope"), Exit.NOT_FOUND, "'nope'", "census", "--jar");
        assertSays(pawl.run("submit", "nope"), Exit.NOT_FOUND, "'nope'");
        pawl.run("migrate");
        assertSays(pawl.run("list", "--program", "nope"), Exit.NOT_FOUND, "'nope'");
    }

    @Test
    void malformed_json_is_pointed_at() {
        assertSays(pawl.run("run", "census", "--input", "{\"folder\":\n  oops}"), Exit.USAGE, "line 2, column 3");
        assertSays(
                pawl.run("submit", "census", "--input", "{folder:1}"), Exit.USAGE, "line 1", "Quote it for the shell");
        assertSays(pawl.run("submit", "once", "--input", "hello"), Exit.USAGE, "'\"hello\"'");
        assertSays(pawl.run("submit", "census", "--input", "{} {}"), Exit.USAGE, "not valid JSON");
        assertSays(pawl.run("submit", "census", "--input", ""), Exit.USAGE, "empty");
        assertThat(folder.resolve("pawl.db")).doesNotExist();
    }

    @Test
    void an_input_file_that_cannot_be_read_is_named() throws Exception {
        assertSays(pawl.run("run", "census", "--input", "@nowhere.json"), Exit.USAGE, "no file nowhere.json");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
        assertSays(pawl.run("run", "census", "--input", "@" + binary), Exit.USAGE, "not UTF-8");
    }

    @Test
    void an_input_of_the_wrong_type_is_refused_before_anything_is_written() {
        assertSays(pawl.run("run", "census", "--input", "{\"folder\":7}"), Exit.USAGE, "/folder", "a string", "7");
        assertSays(pawl.run("submit", "map-over-map", "--input", "{}"), Exit.USAGE, "list");
        assertThat(pawl.run("list").err()).contains("No runs yet.");
    }

    @Test
    void a_run_that_is_not_there_is_not_found() {
        assertSays(pawl.run("show", "last"), Exit.NOT_FOUND, "There is no database");
        pawl.run("migrate");
        assertSays(pawl.run("show", "last"), Exit.NOT_FOUND, "no runs");
        assertSays(pawl.run("show", "01ARZ3NDEKTSV4RRFFQ69G5FAV"), Exit.NOT_FOUND, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        for (String verb : new String[] {"show", "events", "cancel", "pause", "resume", "retry", "explain"}) {
            assertSays(pawl.run(verb, "nonsense"), Exit.NOT_FOUND, "nonsense", "pawl list");
            assertSays(pawl.run(verb, "01ARZ3NDEKTSV4RRFFQ69G5FAV"), Exit.NOT_FOUND, "There is no run");
        }
    }

    @Test
    void wrong_usage_shows_the_way() {
        assertSays(Cli.plain("lsit"), Exit.USAGE, "lsit", "list");
        assertSays(Cli.plain("list", "--limit", "many"), Exit.USAGE, "--limit", "many", "pawl list --help");
        assertSays(Cli.plain("list", "--status", "odd"), Exit.USAGE, "odd", "SUCCEEDED");
        assertSays(Cli.plain("show"), Exit.USAGE, "RUN");
        assertSays(Cli.plain("run"), Exit.USAGE, "PROGRAM");
        assertSays(Cli.plain(), Exit.USAGE, "Commands:");
        assertSays(pawl.run("worker", "--slots", "0"), Exit.USAGE, "--slots");
        assertSays(pawl.run("prune", "--older-than", "soon"), Exit.USAGE, "30d");
    }

    @Test
    void errors_are_json_when_asked_for() {
        var answer = pawl.run("run", "nope", "--json");
        var error = RunDocument.tree(new Json(answer.err()));
        assertThat(error.path("error").asString()).isEqualTo("not_found");
        assertThat(error.path("exitCode").asInt()).isEqualTo(answer.code()).isEqualTo(Exit.NOT_FOUND);
        var usage = RunDocument.tree(
                new Json(Cli.plain("list", "--limit", "x", "--json").err()));
        assertThat(usage.path("error").asString()).isEqualTo("usage");
    }

    @Test
    void a_jar_that_brings_nothing_is_refused() throws Exception {
        assertSays(pawl.run("programs", "--jar", "nowhere.jar"), Exit.USAGE, "no file nowhere.jar");
        Path text = Files.writeString(folder.resolve("text.jar"), "text");
        assertSays(pawl.run("programs", "--jar", text.toString()), Exit.USAGE, "cannot be read as a jar");
        Path empty = UserJar.empty(folder.resolve("empty.jar"));
        assertSays(
                pawl.run("programs", "--jar", empty.toString()), Exit.USAGE, "brings no programs", "META-INF/services");
    }

    @Test
    void a_database_of_somebody_else_is_left_alone() throws Exception {
        Path foreign = folder.resolve("foreign.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                var statement = connection.createStatement()) {
            statement.execute("create table invoices (id integer)");
        }
        byte[] before = Files.readAllBytes(foreign);
        for (String command : new String[] {"list", "migrate", "worker"}) {
            assertSays(Cli.on(foreign).run(command), Exit.REFUSED, "another program", "invoices");
        }
        assertThat(Files.readAllBytes(foreign)).isEqualTo(before);
        Path text = Files.writeString(folder.resolve("notes.txt"), "x".repeat(200));
        assertSays(Cli.on(text).run("list"), Exit.REFUSED, "not a SQLite database");
    }

    @Test
    void a_database_that_cannot_be_created_or_reached_is_refused() {
        assertSays(Cli.on(folder).run("migrate"), Exit.REFUSED, "is a folder");
        assertSays(Cli.on(Path.of("/proc/pawl.db")).run("migrate"), Exit.REFUSED, "/proc");
        assertSays(Cli.on(folder.resolve("no/such/pawl.db")).run("migrate"), Exit.REFUSED, "does not exist");
        assertSays(Cli.plain("list", "--db", "jdbc:mysql:x"), Exit.REFUSED, "jdbc:mysql:x", "jdbc:sqlite:FILE");
        assertSays(
                Cli.plain("list", "--db", "jdbc:postgresql://127.0.0.1:1/x?user=u&password=secret"),
                Exit.REFUSED,
                "127.0.0.1:1");
    }

    @Test
    void a_password_is_never_shown() {
        assertThat(Cli.plain("list", "--db", "jdbc:postgresql://127.0.0.1:1/x?user=u&password=secret")
                        .err())
                .doesNotContain("secret");
        assertThat(Cli.plain("list", "--db", "jdbc:mysql://h/x?password=secret").err())
                .doesNotContain("secret");
    }
}
