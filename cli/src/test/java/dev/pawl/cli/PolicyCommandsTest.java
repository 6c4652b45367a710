package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Settings;
import dev.pawl.graph.Graph;
import dev.pawl.job.Job;
import dev.pawl.policy.OpaPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Policies on the command line, and people who approve, as a client beside a process that works behind a real policy. */
class PolicyCommandsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Refund(String to, int amount) {}

    /** The policy asks about the amount. */
    private static final Job<Integer, String> REFUND = Job.define(
            "refund",
            Integer.class,
            String.class,
            (job, euros) -> job.call(
                    "pay", new Refund("ann", euros), String.class, refund -> "paid " + refund.amount() + " to ann"));

    /** The code asks by itself. */
    private static final Job<String, String> LETTER = Job.define("letter", String.class, String.class, (job, text) -> {
        var said = job.approval("letter", text);
        return (said.approved() ? "sent, says " : "not sent, says ") + said.by() + ": " + said.comment();
    });

    private static final Graph<Integer> GRAPH = Graph.define("animals", Integer.class, g -> {
        var zebra = g.node("zebra", (n, io) -> n + io.call("stripes", Integer.class, () -> 40));
        var never = g.node("never", (n, io) -> n);
        var ant = g.node("ant", (n, io) -> n + io.call("legs", Integer.class, () -> 6));
        g.start(zebra);
        zebra.when(n -> n < 0, never).otherwise(ant);
        never.end();
        ant.end();
    });

    @TempDir
    Path folder;

    private Cli cli;
    private Path approval;
    private Path gates;
    private Pawl working;

    @BeforeEach
    void open() throws IOException {
        cli = Cli.on(folder.resolve("pawl.db"));
        approval = sample("approval.wasm");
        gates = sample("gates.wasm");
        working =
                Pawl.open(cli.url(), Settings.DEFAULT.policy(OpaPolicy.load(approval)), List.of(REFUND, LETTER, GRAPH));
    }

    @AfterEach
    void close() {
        working.close();
    }

    /** Without data: every amount needs approval, and the lists and limits of the gates are their defaults. */
    private Path sample(String name) throws IOException {
        try (var file = Objects.requireNonNull(OpaPolicy.class.getResourceAsStream("samples/" + name))) {
            return Files.write(folder.resolve(name), file.readAllBytes());
        }
    }

    private static JsonNode json(String text) {
        return RunDocument.tree(new Json(text));
    }

    private static String me() {
        return System.getProperty("user.name");
    }

    private <T> String blocked(Handle<T> handle) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (working.run(handle.id()).status() != RunStatus.BLOCKED && System.nanoTime() < end)
            LockSupport.parkUntil(1);
        assertThat(working.run(handle.id()).status()).isEqualTo(RunStatus.BLOCKED);
        return handle.id().toString();
    }

    @Test
    void what_a_policy_wants_approved_is_shown_and_happens_when_it_is_approved() throws Exception {
        var handle = working.submit(REFUND, 400);
        String id = blocked(handle);
        assertThat(cli.run("list", "--status", "blocked").out())
                .contains(id, "The policy wants somebody to approve \"pay\" in task job[0]: the amount 400 is above");
        assertThat(cli.run("show", id).out()).contains("Needs      APPROVAL", "Approve?   \"pay\" in task job[0]");
        assertThat(cli.run("explain", id).out())
                .startsWith("It waits for somebody's approval: The policy wants somebody to approve \"pay\"")
                .contains("pawl approve " + id, "pawl reject " + id)
                .doesNotContain("..", "ApprovalWanted");
        var answer = cli.run("approve", id, "--comment", "a good customer");
        assertThat(answer.code()).isEqualTo(Exit.DONE);
        assertThat(answer.line()).startsWith("Run " + id + " is ");
        assertThat(handle.await(PATIENCE)).isEqualTo("paid 400 to ann");
        assertThat(cli.run("events", id).out()).contains("approval.given", "by " + me(), "a good customer");
    }

    @Test
    void what_a_policy_wants_approved_fails_the_run_when_it_is_rejected() {
        var handle = working.submit(REFUND, 400);
        String id = blocked(handle);
        assertThat(json(cli.run("reject", id, "--comment", "not again", "--json")
                                .line())
                        .path("run")
                        .asString())
                .isEqualTo(id);
        assertThatThrownBy(() -> handle.await(PATIENCE)).isInstanceOf(RunFailed.class);
        assertThat(cli.run("show", id).out()).contains("FAILED", me() + " refused: not again (POLICY).");
        assertThat(cli.run("events", id).out()).contains("approval.refused");
    }

    @Test
    void what_code_asks_is_answered_either_way() throws Exception {
        var yes = working.submit(LETTER, "Dear Ann");
        var no = working.submit(LETTER, "Dear Bob");
        assertThat(cli.run("show", blocked(yes)).out()).contains("Approve?   \"letter\" in task job[0]: \"Dear Ann\"");
        cli.run("approve", blocked(yes));
        cli.run("reject", blocked(no), "--comment", "too short");
        assertThat(yes.await(PATIENCE)).isEqualTo("sent, says " + me() + ": ");
        assertThat(no.await(PATIENCE)).isEqualTo("not sent, says " + me() + ": too short");
    }

    @Test
    void what_nobody_asked_cannot_be_answered() throws Exception {
        var handle = working.submit(REFUND, 400);
        String id = blocked(handle);
        assertThat(cli.run("approve", id).code()).isEqualTo(Exit.DONE);
        handle.await(PATIENCE);
        for (String verb : List.of("approve", "reject")) {
            var again = cli.run(verb, id);
            assertThat(again.code()).isEqualTo(Exit.REFUSED);
            assertThat(again.err()).contains("has nothing that somebody has to approve");
            assertThat(cli.run(verb, "01ARZ3NDEKTSV4RRFFQ69G5FAV").code()).isEqualTo(Exit.NOT_FOUND);
        }
    }

    @Test
    void a_run_is_labelled_and_found_by_its_label() {
        String red = cli.run("submit", "map-over-map", "--input", "[1]", "--label", "team=red", "--label", "stage=dev")
                .line();
        cli.run("submit", "map-over-map", "--input", "[1]", "--label", "team=blue");
        assertThat(cli.run("list", "--label", "team=red", "--json").out().lines())
                .singleElement()
                .satisfies(line -> assertThat(json(line).path("run").asString()).isEqualTo(red));
        assertThat(cli.run("list", "--label", "team=green").err()).contains("No such runs.");
        assertThat(cli.run("list", "--label", "a=1", "--label", "b=2").code()).isEqualTo(Exit.USAGE);
        assertThat(cli.run("submit", "map-over-map", "--input", "[1]", "--label", "red")
                        .code())
                .isEqualTo(Exit.USAGE);
        assertThat(cli.run("show", red).out()).contains("{\"stage\":\"dev\",\"team\":\"red\"}");
        assertThat(json(cli.run("show", red, "--json").out())
                        .path("labels")
                        .path("stage")
                        .asString())
                .isEqualTo("dev");
    }

    @Test
    void what_a_policy_denies_is_not_submitted() {
        String letter = "{\"number\":\"1\",\"mail\":\"a\",\"email\":\"a@example.com\"}";
        var denied = cli.run("submit", "once", "--input", letter, "--policy", gates.toString());
        assertThat(denied.code()).isEqualTo(Exit.REFUSED);
        assertThat(denied.out()).isEmpty();
        assertThat(denied.err())
                .contains("The policy denies a run of flow:once: the personal field email needs an admin");
        assertThat(cli.run("submit", "once", "--input", letter).code()).isEqualTo(Exit.DONE);
    }

    @Test
    void run_asks_the_policy_too() {
        var denied = cli.run(
                "run",
                "once",
                "--input",
                "{\"number\":\"1\",\"mail\":\"a\",\"ssn\":\"7\"}",
                "--json",
                "--policy",
                gates.toString());
        assertThat(denied.code()).isEqualTo(Exit.REFUSED);
        assertThat(json(denied.err()).path("message").asString()).contains("the personal field ssn needs an admin");
    }

    @Test
    void a_policy_is_tried_on_runs_that_have_been() throws Exception {
        cli.run("run", "map-over-map", "--input", "[1]");
        var handle = working.submit(REFUND, 400);
        String id = blocked(handle);
        cli.run("approve", id);
        handle.await(PATIENCE);
        var stopped = cli.run("policy", "test", approval.toString());
        assertThat(stopped.code()).isEqualTo(Exit.RUN_FAILED);
        assertThat(stopped.out().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(id + "  job:refund  wants approval of \"pay\" in task job[0]: the amount 400"));
        assertThat(stopped.err()).contains("Asked about 2 runs at ", "0 denied, 1 to be approved. Policy ");
        var line = json(cli.run("policy", "test", approval.toString(), "--json").out());
        assertThat(line.path("point").asString()).isEqualTo("effect");
        assertThat(line.path("effect").asString()).isEqualTo("pay");
        assertThat(line.path("answer").asString()).isEqualTo("APPROVAL");
        var fine = cli.run("policy", "test", approval.toString(), "--program", "map-over-map");
        assertThat(fine.code()).isEqualTo(Exit.DONE);
        assertThat(fine.out()).isEmpty();
        assertThat(fine.err()).contains("Asked about 1 run at ", ", 0 denied, 0 to be approved.");
        assertThat(cli.run("policy", "test", approval.toString(), "--status", "failed")
                        .err())
                .contains("Asked about 0 runs");
        assertThat(cli.run("policy", "test", approval.toString(), "--limit", "1")
                        .err())
                .contains("Asked about 1 run");
    }

    @Test
    void a_policy_is_tried_with_data() throws Exception {
        var handle = working.submit(REFUND, 400);
        cli.run("approve", blocked(handle));
        handle.await(PATIENCE);
        String high = file("high.json", "{\n  \"approval\": {\"limit\": 400}\n}\n");
        String low = file("low.json", "{\"approval\":{\"limit\":399}}");
        assertThat(cli.run("policy", "test", approval.toString(), "--data", high)
                        .err())
                .contains("0 denied, 0 to be approved.");
        assertThat(cli.run("policy", "test", approval.toString(), "--data", low).err())
                .contains("0 denied, 1 to be approved.");
    }

    @Test
    void what_submits_asks_the_policy_with_its_data() throws IOException {
        String[] submit = {"submit", "map-over-map", "--input", "[1]", "--policy", gates.toString()};
        String blocked = file("blocked.json", "{\"gates\":{\"blocked_programs\":[\"flow:map-over-map\"]}}");
        assertThat(cli.run(submit).code()).isEqualTo(Exit.DONE);
        var denied = cli.run(with(submit, "--policy-data", blocked));
        assertThat(denied.code()).isEqualTo(Exit.REFUSED);
        assertThat(denied.err()).contains("the program flow:map-over-map is blocked");
    }

    @Test
    void data_that_cannot_be_used_is_refused() throws IOException {
        String[] submit = {"submit", "map-over-map", "--input", "[1]"};
        String[] governed = with(submit, "--policy", gates.toString());
        String fine = file("fine.json", "{}");
        var alone = cli.run(with(submit, "--policy-data", fine));
        assertThat(alone.code()).isEqualTo(Exit.USAGE);
        assertThat(alone.err()).contains("fine.json, but no policy");
        var missing = cli.run(with(governed, "--policy-data", fine + "x"));
        assertThat(missing.code()).isEqualTo(Exit.USAGE);
        assertThat(missing.err()).contains("There is no file ");
        var broken = cli.run(with(governed, "--policy-data", file("broken.json", "{\"gates\":")));
        assertThat(broken.code()).isEqualTo(Exit.REFUSED);
        assertThat(broken.err()).contains("is not JSON");
        assertThat(cli.run(with(governed, "--policy-data", file("empty.json", "")))
                        .code())
                .isEqualTo(Exit.REFUSED);
        var list = cli.run("policy", "test", gates.toString(), "--data", file("list.json", "[]"));
        assertThat(list.code()).isEqualTo(Exit.REFUSED);
        assertThat(list.err()).contains("is not a JSON object");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void a_trial_tells_what_would_have_been_denied() {
        cli.run("submit", "once", "--input", "{\"number\":\"1\",\"mail\":\"a\",\"email\":\"a@example.com\"}");
        var trial = cli.run("policy", "test", gates.toString());
        assertThat(trial.code()).isEqualTo(Exit.RUN_FAILED);
        assertThat(trial.out()).contains("flow:once  denies the run: the personal field email needs an admin");
    }

    @Test
    void a_policy_that_cannot_be_used_is_refused_where_it_is_needed_and_nowhere_else() throws IOException {
        String nothing = folder.resolve("nothing.wasm").toString();
        String text =
                Files.writeString(folder.resolve("policy.rego"), "package pawl").toString();
        var missing = cli.run("policy", "test", nothing);
        assertThat(missing.code()).isEqualTo(Exit.USAGE);
        assertThat(missing.err()).contains("There is no policy " + nothing);
        assertThat(cli.run("submit", "map-over-map", "--input", "[1]", "--policy", nothing)
                        .code())
                .isEqualTo(Exit.USAGE);
        var source = cli.run("run", "map-over-map", "--input", "[1]", "--policy", text);
        assertThat(source.code()).isEqualTo(Exit.REFUSED);
        assertThat(source.err()).contains("neither WebAssembly nor a bundle", "opa build -t wasm");
        assertThat(cli.run("list", "--policy", nothing).code()).isEqualTo(Exit.DONE);
        assertThat(cli.run("policy", "test").code()).isEqualTo(Exit.USAGE);
        assertThat(cli.run("policy", "test", approval.toString(), "--limit", "0")
                        .code())
                .isEqualTo(Exit.USAGE);
    }

    @Test
    void each_command_says_in_one_line_what_it_is_for() {
        assertThat(Cli.plain("--help").out())
                .contains("approve   Approves what a run waits for; the run goes on with that.\n")
                .contains("reject    Refuses what a run waits for somebody to approve.\n")
                .contains("policy    Tries a policy on runs that have been.\n");
        assertThat(Cli.plain("policy", "--help").out())
                .contains("test  Says what a policy would have stopped, had it been there.\n");
        assertThat(cli.run("policy").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void the_steps_of_a_graph_are_told_in_their_order_and_not_by_their_names() throws Exception {
        assertThat(Cli.plain("programs").out()).contains("classify draft ask refund send");
        var handle = working.submit(GRAPH, 1);
        handle.await(PATIENCE);
        var page = json(cli.run("show", handle.id().toString(), "--json").out());
        assertThat(page.path("steps")
                        .valueStream()
                        .map(step -> step.path("step").asString()))
                .containsExactly("zebra", "ant");
        assertThat(page.path("journal")
                        .valueStream()
                        .map(effect -> effect.path("name").asString()))
                .containsExactly("stripes", "legs");
    }

    @Test
    void what_the_steps_of_a_flow_asked_is_shown_with_its_task() {
        var answer = cli.run("run", "newsletter", "--input", "{\"topic\":\"x\",\"readers\":[\"ann\",\"bob\"]}");
        assertThat(answer.code()).isEqualTo(Exit.DONE);
        assertThat(cli.run("show", "last").out()).contains("send[1].0  http.once  mail.send", "write[0].0  http");
    }
}
