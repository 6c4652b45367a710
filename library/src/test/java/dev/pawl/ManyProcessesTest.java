package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.RunId;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two worker processes on one database, one of which dies as by {@code kill -9} in the middle of a map. Judged from a file
 * that the bodies append to.
 */
class ManyProcessesTest {

    private static final int ELEMENTS = 200;
    private static final int DONE_BY_THE_ONE_THAT_DIES = 15;

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stopAll() {
        processes.forEach(Process::destroyForcibly);
    }

    /** A line of the file. */
    private record Line(String what, int number, long process) {
        static Line of(String text) {
            var parts = text.split(" ");
            return new Line(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        boolean begins() {
            return what.equals("begin");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_done_before_a_kill_stays_done_and_the_rest_is_done_by_the_other(Database database) throws Exception {
        String url = database.url();
        var file = Files.createFile(folder.resolve("diary"));
        var flow = WorkerProcess.flow(new WorkerProcess.Diary(file, new AtomicInteger()));
        try (var client = Pawl.open(url, WorkerProcess.settings(0), List.of(flow))) {
            var handle =
                    client.submit(flow, IntStream.range(0, ELEMENTS).boxed().toList());
            var dying = start(url, file, DONE_BY_THE_ONE_THAT_DIES);
            await().atMost(Fleet.PATIENCE)
                    .until(() -> hanging(file, dying) > 0 && doneBy(client, handle.id(), dying, file));
            var other = start(url, file, Integer.MAX_VALUE);
            await().atMost(Fleet.PATIENCE)
                    .until(() -> lines(file).stream().anyMatch(line -> line.process() == other.pid()));
            var durable = succeeded(client, handle.id());
            int before = lines(file).size();
            assertThat(durable).hasSizeBetween(DONE_BY_THE_ONE_THAT_DIES, ELEMENTS - 1);
            assertThat(dying.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();

            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(ELEMENTS * (ELEMENTS - 1) / 2);
            var lines = lines(file);
            assertThat(lines)
                    .filteredOn(line -> line.what().equals("end"))
                    .extracting(Line::number)
                    .containsAll(IntStream.range(0, ELEMENTS).boxed().toList());
            assertThat(lines.subList(before, lines.size()))
                    .filteredOn(Line::begins)
                    .extracting(Line::number)
                    .doesNotContainAnyElementsOf(durable);
            assertThat(lines).extracting(Line::process).contains(dying.pid(), other.pid());
            assertThat(mostAtOnce(lines)).isEqualTo(WorkerProcess.LIMIT);
            assertThat(Fleet.story(client, handle.id())).anyMatch(event -> event.startsWith("task.lost note"));

            other.getOutputStream().close();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isZero();
        }
    }

    private Process start(String url, Path file, int allowed) throws IOException {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx200m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        url,
                        file.toString(),
                        String.valueOf(allowed))
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolve("worker" + processes.size() + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static List<Line> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(Line::of).toList();
    }

    /** How many bodies of a process have begun and not ended. */
    private static long hanging(Path file, Process process) throws IOException {
        var lines = lines(file).stream()
                .filter(line -> line.process() == process.pid())
                .toList();
        long ended = lines.stream().filter(line -> !line.begins()).count();
        return ended < DONE_BY_THE_ONE_THAT_DIES ? 0 : lines.size() - 2 * ended;
    }

    /** Whether the ends of all that a process has done are durable. */
    private static boolean doneBy(Pawl client, RunId run, Process process, Path file) throws IOException {
        var ended = lines(file).stream()
                .filter(line -> line.process() == process.pid() && !line.begins())
                .map(Line::number)
                .toList();
        return succeeded(client, run).containsAll(ended);
    }

    private static Set<Integer> succeeded(Pawl client, RunId run) {
        var succeeded = new HashSet<Integer>();
        client.store().tasks(run, "note", 0, ELEMENTS).stream()
                .map(task -> task.task())
                .filter(task -> task.status() == TaskStatus.SUCCEEDED)
                .forEach(task -> succeeded.add(task.key().index()));
        return succeeded;
    }

    /** One body of each element counts: that of the dead process ended with it. */
    private static int mostAtOnce(List<Line> lines) {
        var running = new HashSet<Integer>();
        int most = 0;
        for (Line line : lines) {
            boolean changed = line.begins() ? running.add(line.number()) : running.remove(line.number());
            most = changed ? Math.max(most, running.size()) : most;
        }
        return most;
    }
}
