package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.testkit.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code pawl pipeline}. */
class PipelineCommandsTest {

    /** Reads what is published, and notes it in a file; version 2 says so in another way. */
    private static final String PIPELINE = """
            dev.pawl.pipeline.Pipeline.define("greeter", p -> {
                var names = dev.pawl.pipeline.Topic.of("NAMES", String.class);
                p.producer("poll", dev.pawl.schedule.Every.hours(1), Integer.class, (out, n) -> {
                    int next = n == null ? 1 : n + 1;
                    out.publish(names, "polled-" + next, "nobody");
                    return next;
                });
                p.consumer("greet", names)
                        .prepare(String.class, inbox -> inbox.first()
                                .map(m -> dev.pawl.pipeline.Prepared.of(m.payload(), m).titled("Greet " + m.payload()))
                                .orElse(dev.pawl.pipeline.Prepared.nothing()))
                        .mutate(String.class, (name, key) -> {
                            if (name.equals("ghost")) throw new java.io.IOException("no answer");
                            return "%s " + name;
                        })
                        .next((out, name, outcome) -> {});
            }).version("%s")
            """;

    @TempDir
    Path folder;

    private Cli pawl;
    private String one;
    private String two;

    @BeforeEach
    void fresh() throws IOException {
        one = UserJar.of(folder.resolve("one.jar"), PIPELINE.formatted("Hello", "1"))
                .toString();
        two = UserJar.of(folder.resolve("two.jar"), PIPELINE.formatted("Ahoy", "2"))
                .toString();
        open("sqlite");
    }

    private void open(String database) {
        pawl = database.equals("sqlite")
                ? Cli.on(folder.resolve("pawl.db"))
                : new Cli(Postgres.shared().freshDatabase());
    }

    private static JsonNode json(String text) {
        return RunDocument.tree(new Json(text));
    }

    private JsonNode shown() {
        return json(pawl.run("pipeline", "show", "greeter", "--json").out());
    }

    private void awaitConsumed(int number) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(shown().path("topics")
                                .path("NAMES")
                                .path("consumed")
                                .asInt())
                        .isEqualTo(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void a_newer_version_takes_over_and_an_older_one_only_when_it_is_told_to(String database) {
        open(database);
        var started = pawl.run("pipeline", "start", "greeter", "--jar", one);
        assertThat(started.code()).as(started.err()).isZero();
        assertThat(started.line()).isEqualTo("Pipeline \"greeter\" is started, in version 1.");
        assertThat(pawl.run("pipeline", "start", "greeter", "--jar", one).line())
                .isEqualTo("Pipeline \"greeter\" goes on; version 1 was in charge already.");
        assertThat(pawl.run("pipeline", "start", "pipeline:greeter", "--jar", one, "--jar", two)
                        .line())
                .contains("taken over from version 1 by version 2");
        var old = pawl.run("pipeline", "start", "greeter", "--jar", one);
        assertThat(old.code()).isEqualTo(Exit.REFUSED);
        assertThat(old.err()).contains("Version 2", "pawl pipeline start greeter --back");
        var back = json(pawl.run("pipeline", "start", "greeter", "--back", "--json", "--jar", one)
                .out());
        assertThat(back.path("tookOver").asBoolean()).isTrue();
        assertThat(back.path("replaced").asString()).isEqualTo("2");
        assertThat(pawl.run("pipeline", "start", "greeter", "--code", "1", "--jar", one, "--jar", two)
                        .line())
                .contains("version 1 was in charge already");
        assertThat(pawl.run("pipeline", "list").out()).contains("greeter", "RUNNING", "1");
        assertThat(pawl.run("pipeline", "list", "--json").out().lines()).hasSize(1);
    }

    @Test
    void what_is_published_is_worked_on_and_can_be_followed() throws Exception {
        pawl.run("pipeline", "start", "greeter", "--jar", one);
        assertThat(shown().path("handlers").get(0).path("phase").asString()).isEqualTo("waiting");
        assertThat(shown().path("handlers").get(1).path("phase").asString()).isEqualTo("due");
        assertThat(pawl.run("pipeline", "publish", "greeter", "NAMES", "a", "--payload", "\"ann\"")
                        .line())
                .isEqualTo("Message \"a\" of topic NAMES is published.");
        assertThat(pawl.run("pipeline", "publish", "greeter", "NAMES", "a", "--payload", "\"bob\"")
                        .line())
                .endsWith("was there; its payload is replaced.");
        assertThat(pawl.run("explain", "last").out()).contains("No worker is alive");
        try (var worker = CliProcess.start(folder, "worker", "--db", pawl.url(), "--jar", one)) {
            assertThat(worker.readLine()).contains("Ready", "greeter");
            awaitConsumed(2);
            assertThat(pawl.run("pipeline", "run", "greeter", "poll").line()).isEqualTo("Asked to run now: poll.");
            awaitConsumed(3);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(pawl.run("explain", "last").out())
                            .contains("Nothing is to be done now", "greet[3] waits for a message"));
            worker.terminate();
            assertThat(worker.await(20)).isZero();
        }
        assertThat(pawl.run("pipeline", "show", "greeter").out())
                .contains("every 1 h", "on NAMES", "waiting", "TOPIC", "3")
                .doesNotContain("Did it happen?");
        assertThat(pawl.run("pipeline", "publish", "greeter", "NAMES", "a", "--payload", "\"eve\"")
                        .line())
                .endsWith("is CONSUMED already; nothing was changed.");
        assertThat(pawl.run("pipeline", "messages", "greeter").out())
                .contains("\"bob\"", "\"nobody\"", "polled-2", "greet")
                .doesNotContain("run:poll");
        assertThat(pawl.run("pipeline", "messages", "greeter", "--status", "pending")
                        .err())
                .contains("No such messages.");
        var first = pawl.run("pipeline", "messages", "greeter", "--topic", "NAMES", "--limit", "1", "--json");
        assertThat(json(first.out()).path("id").asString()).isEqualTo("a");
        assertThat(pawl.run("pipeline", "messages", "greeter", "--limit", "1").err())
                .contains("--after 1");
        assertThat(pawl.run("pipeline", "inputs", "greeter").out()).contains("outside", "poll", "polled-1", "done");
        var input =
                json(pawl.run("pipeline", "inputs", "greeter", "1", "--json").out());
        assertThat(input.path("state").asString()).isEqualTo("done");
        assertThat(input.path("messages").get(0).path("payload").asString()).isEqualTo("bob");
        assertThat(pawl.run("pipeline", "inputs", "greeter", "1").out()).contains("Input 1: NAMES a of outside", "bob");
        assertThat(pawl.run("show", "last").out()).contains("pawl pipeline show greeter");
    }

    @Test
    void a_pipeline_is_started_and_worked_on_at_once_and_shows_what_it_needs() throws Exception {
        try (var work =
                CliProcess.start(folder, "pipeline", "start", "greeter", "--work", "--jar", one, "--db", pawl.url())) {
            assertThat(work.readLine()).contains("is started");
            awaitConsumed(1);
            pawl.run("pipeline", "publish", "greeter", "NAMES", "g", "--payload", "\"ghost\"");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(shown().path("status").asString()).isEqualTo("BLOCKED"));
            work.terminate();
            assertThat(work.await(20)).isZero();
        }
        var page = pawl.run("pipeline", "show", "greeter").out();
        assertThat(page)
                .contains("needs you", "Greet ghost", "Did it happen?", "IOException: no answer.", "pawl resolve ");
        assertThat(shown().path("needs").size()).isEqualTo(1);
        assertThat(pawl.run("pipeline", "list").out()).contains("BLOCKED", "needs you: pawl inbox");
        assertThat(pawl.run("pipeline", "resume", "greeter").err()).contains("nobody knows", "pawl inbox");
        assertThat(pawl.run("pipeline", "publish", "greeter", "NAMES", "h", "--payload", "\"x\"")
                        .err())
                .contains("It is blocked");
        assertThat(pawl.run("pipeline", "inputs", "greeter").out()).contains("pending");
        assertThat(pawl.run("pipeline", "inputs", "greeter", "--stale", "0s").out())
                .contains("stale");
    }

    @Test
    void a_pipeline_is_paused_released_and_cancelled_by_its_name() {
        pawl.run("pipeline", "start", "greeter", "--jar", one);
        assertThat(pawl.run("pipeline", "pause", "greeter").line()).isEqualTo("Pipeline \"greeter\" is PAUSED.");
        assertThat(pawl.run("pipeline", "resume", "greeter").line()).isEqualTo("Pipeline \"greeter\" is RUNNING.");
        assertThat(pawl.run("pipeline", "cancel", "greeter", "--comment", "no need")
                        .line())
                .isEqualTo("Pipeline \"greeter\" is CANCELLED.");
        assertThat(pawl.run("pipeline", "list").err()).contains("No pipeline was started yet");
        assertThat(pawl.run("pipeline", "show", "greeter").code()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void what_is_not_there_is_not_found_and_says_what_is() {
        pawl.run("pipeline", "start", "greeter", "--jar", one);
        assertSays(Exit.NOT_FOUND, "topic \"NAME\".", "pipeline publish greeter NAME a --payload 1");
        assertSays(Exit.NOT_FOUND, "NAMES", "pipeline messages greeter --topic NAME");
        assertSays(Exit.NOT_FOUND, "[poll]", "pipeline run greeter greet");
        assertSays(Exit.NOT_FOUND, "no input 5", "pipeline inputs greeter 5");
        assertSays(Exit.USAGE, "--payload", "pipeline publish greeter NAMES a");
        assertSays(Exit.USAGE, "not valid JSON", "pipeline publish greeter NAMES a --payload bob");
        assertSays(Exit.USAGE, "--limit", "pipeline messages greeter --limit 0");
        for (String verb : List.of("show", "run", "messages", "inputs", "pause", "resume", "cancel"))
            assertSays(Exit.NOT_FOUND, "no pipeline \"greet\"", "pipeline " + verb + " greet");
        assertSays(Exit.NOT_FOUND, "mail-to-sheet", "pipeline start greet");
        assertSays(Exit.NOT_FOUND, "There is: 1.", "pipeline start greeter --code 3 --jar " + one);
        assertSays(Exit.USAGE, "pawl pipeline start greeter", "run greeter --jar " + one);
        assertSays(Exit.USAGE, "goes on for ever", "submit mail-to-sheet");
        assertSays(Exit.USAGE, "no command 'stop'", "pipeline stop greeter");
        assertThat(Files.exists(folder.resolve("pawl.db"))).isTrue();
        assertThat(Cli.plain("pipeline", "--help").out())
                .contains("start", "list", "show", "run", "publish", "messages", "inputs", "pause");
        assertThat(Cli.plain("--help").out()).contains("pipeline", "inbox");
    }

    private void assertSays(int code, String part, String command) {
        var answer = pawl.run(command.split(" "));
        assertThat(answer.code()).as(command + ": " + answer.err()).isEqualTo(code);
        assertThat(answer.err()).contains(part).doesNotContain("bug of Pawl");
    }
}
