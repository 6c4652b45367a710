package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Settings;
import dev.pawl.schedule.Schedules;
import dev.pawl.spi.Program;
import dev.pawl.spi.Programs;
import dev.pawl.spi.TypedProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example, run on a real SQLite file. */
class ExamplesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Pawl pawl;

    @BeforeEach
    void open() {
        pawl = open(Settings.DEFAULT);
    }

    @AfterEach
    void close() {
        pawl.close();
    }

    private Pawl open(Settings settings) {
        return Pawl.open("jdbc:sqlite:" + folder.resolve("pawl.db"), settings, new Examples().programs());
    }

    private <I, O> O run(TypedProgram<I, O> flow, I input) throws Exception {
        return pawl.submit(flow, input).await(PATIENCE);
    }

    @Test
    void an_order_that_can_be_finished_is() throws Exception {
        var shop = folder.resolve("shop");
        var done = run(OrderSaga.JOB, new OrderSaga.Order(shop.toString(), "o1", "lamp", 500, "Berlin"));
        assertThat(done.order()).isEqualTo("o1");
        assertThat(shop.resolve("shipped/o1")).hasContent("lamp to Berlin");
        assertThat(shop.resolve("payments.csv")).hasContent("charge,o1,500," + done.payment());
    }

    @Test
    void an_order_that_cannot_be_shipped_is_undone_the_last_thing_first() throws Exception {
        var shop = folder.resolve("shop");
        var handle = pawl.submit(OrderSaga.JOB, new OrderSaga.Order(shop.toString(), "o2", "lamp", 500, ""));
        assertThatThrownBy(() -> handle.await(PATIENCE))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("no address");
        assertThat(shop.resolve("stock/o2")).doesNotExist();
        assertThat(Files.readAllLines(shop.resolve("payments.csv")))
                .hasSize(2)
                .last()
                .isEqualTo("refund,o2,500,");
    }

    @Test
    void an_expense_waits_for_somebody() throws Exception {
        var handle = pawl.submit(Approval.JOB, new Approval.Expense("Bob", "a chair", 9_000));
        pawl.signal(handle.id(), "approval", new Json("{\"by\":\"Ann\",\"approved\":true}"), null, "ann");
        assertThat(handle.await(PATIENCE)).isEqualTo("Approved by Ann: payment of 9000 cents.");
        assertThat(run(Approval.JOB, new Approval.Expense("Bob", "a pen", 200))).startsWith("Paid without");
    }

    @Test
    void research_reads_every_file_and_says_how_far_it_is() throws Exception {
        var files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("a.txt"), "pawl pawl\nnothing");
        Files.writeString(files.resolve("b.txt"), "a pawl");
        Files.writeString(files.resolve("c.txt"), "ratchet");
        assertThat(run(Research.JOB, new Research.Query(files.toString(), "pawl")))
                .isEqualTo(new Research.Summary(3, List.of("2 a.txt", "1 b.txt")));
    }

    @Test
    void all_examples_are_found_by_the_service_loader() {
        var found = ServiceLoader.load(Programs.class).stream()
                .flatMap(provider -> provider.get().programs().stream())
                .map(Program::name)
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        new Examples().programs().stream().map(Program::name).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void joining_waits_for_all_that_it_reads() throws Exception {
        assertThat(run(Joining.FLOW, new Joining.Text("A pawl is a catch. It stops a ratchet!")))
                .isEqualTo(new Joining.Summary(9, 2, "ratchet"));
    }

    @Test
    void branching_takes_exactly_one_branch() throws Exception {
        assertThat(run(Branching.FLOW, new Branching.Refund("Ada", 20))).isEqualTo("20 euros go to Ada");
        assertThat(run(Branching.FLOW, new Branching.Refund("Ada", 2000))).isEqualTo("Ada is called back");
    }

    @Test
    void retrying_asks_until_it_is_answered() throws Exception {
        assertThat(run(Retrying.FLOW, new Retrying.Service("weather", 2))).isEqualTo("weather answered call 3");
        var handle = pawl.submit(Retrying.FLOW, new Retrying.Service("post", 9));
        assertThatThrownBy(() -> handle.await(PATIENCE))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("post is down");
        assertThat(pawl.tasks(handle.id(), 10))
                .singleElement()
                .satisfies(task -> assertThat(task.task().spent()).isEqualTo(5));
    }

    @Test
    void tolerating_hands_on_what_succeeded_and_names_the_rest() throws Exception {
        assertThat(run(Tolerating.FLOW, List.of("1", "two", "3", "4"))).isEqualTo(new Tolerating.Sum(8, List.of(1)));
        var handle = pawl.submit(Tolerating.FLOW, List.of("1", "two", "three"));
        assertThatThrownBy(() -> handle.await(PATIENCE)).isInstanceOf(RunFailed.class);
    }

    @Test
    void path_fan_out_maps_over_a_list_inside_the_input() throws Exception {
        var album = new PathFanOut.Album(
                "Summer", List.of(new PathFanOut.Photo("sea", 400, 300), new PathFanOut.Photo("sky", 200, 100)));
        assertThat(run(PathFanOut.FLOW, new PathFanOut.Letter("Ada", album))).containsExactly("sea 40x30", "sky 20x10");
    }

    @Test
    void map_over_map_keeps_the_order_and_takes_an_empty_list() throws Exception {
        assertThat(run(MapOverMap.FLOW, List.of(1, 2, 3))).isEqualTo("0: 1, 1: 4, 2: 9");
        assertThat(run(MapOverMap.FLOW, List.of())).isEmpty();
    }

    @Test
    void skipping_goes_on_without_what_has_failed() throws Exception {
        assertThat(run(Skipping.FLOW, new Skipping.Product("lamp", 4.5))).isEqualTo("lamp: 4.5 stars");
        assertThat(run(Skipping.FLOW, new Skipping.Product("desk", null))).isEqualTo("desk: no reviews of desk yet");
    }

    @Test
    void waiting_for_all_lets_the_rest_end_before_it_fails() throws Exception {
        assertThat(run(WaitingForAll.FLOW, true)).isEqualTo("charged, packed, shipped");
        var handle = pawl.submit(WaitingForAll.FLOW, false);
        assertThatThrownBy(() -> handle.await(PATIENCE))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("declined");
        assertThat(pawl.tasks(handle.id(), 10))
                .filteredOn(task -> task.task().key().name().equals("pack"))
                .singleElement()
                .satisfies(task -> assertThat(task.task().status()).isEqualTo(TaskStatus.SUCCEEDED));
    }

    @Test
    void once_gives_the_same_run_for_the_same_key() throws Exception {
        var order = new Once.Order("order-42", "ada@example.org");
        var first = Once.confirm(pawl, order);
        assertThat(Once.confirm(pawl, order)).isEqualTo(first);
        assertThat(pawl.handle(first).await(PATIENCE).text()).isEqualTo("\"confirmed to ada@example.org\"");
        assertThat(Once.confirm(pawl, order)).isEqualTo(first);
    }

    @Test
    void nightly_is_added_once_and_fires_at_half_past_two_or_when_triggered() throws Exception {
        var nightly = Nightly.begin(pawl);
        assertThat(Nightly.begin(pawl).run()).isEqualTo(nightly.run());
        assertThat(nightly.next(7))
                .hasSize(7)
                .allSatisfy(time -> assertThat(
                                time.atZone(ZoneId.of("Europe/Berlin")).toLocalTime())
                        .isEqualTo(LocalTime.of(2, 30)));
        Schedules.of(pawl).trigger("nightly");
        await().atMost(PATIENCE).until(() -> !pawl.children(nightly.run(), 1).isEmpty());
        var run = pawl.children(nightly.run(), 1).getFirst().id();
        assertThat(pawl.handle(run).await(PATIENCE).text()).isEqualTo("\"Corner Shop took 11000 cents\"");
    }

    @Test
    void limited_never_runs_more_at_once_than_allowed() throws Exception {
        pawl.close();
        pawl = open(Limited.settings());
        var handles = new ArrayList<Handle<String>>();
        for (int i = 0; i < 6; i++) handles.add(Limited.print(pawl, i % 2 == 0 ? "even" : "odd", "page " + i, false));
        for (var handle : handles) assertThat(handle.await(PATIENCE)).startsWith("printed page");
        int running = 0;
        for (var edge : edges(handles)) {
            running += edge.starts() ? 1 : -1;
            assertThat(running).isLessThanOrEqualTo(2);
        }
        assertThat(pawl.run(handles.getFirst().id()).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    private record Edge(long at, boolean starts) {}

    /** When tasks began and ended; of two at the same time the end first, as a freed place may be taken at once. */
    private List<Edge> edges(List<Handle<String>> handles) {
        var edges = new ArrayList<Edge>();
        for (var handle : handles) {
            for (var task : pawl.tasks(handle.id(), 10)) {
                edges.add(new Edge(task.startedAt(), true));
                edges.add(new Edge(task.endedAt(), false));
            }
        }
        edges.sort(java.util.Comparator.comparingLong(Edge::at).thenComparing(Edge::starts));
        return edges;
    }
}
