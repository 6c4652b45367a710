package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Event;
import dev.pawl.core.RunId;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.spi.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** One new database with as many Pawls on it as a test likes; they share an artifact folder, and are closed together. */
final class Fleet implements AutoCloseable {

    /** Far more than anything here takes, so that only what hangs runs into it. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int ALL = 1_000_000;

    final String url;
    final Path artifacts;
    private final List<Pawl> open = new ArrayList<>();

    Fleet(Database database) {
        url = database.url();
        try {
            artifacts = Files.createTempDirectory("pawl-test").resolve("artifacts");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A Pawl with 64 slots on the default queue. */
    Pawl open(Program... programs) {
        return open(settings -> settings, programs);
    }

    /** A Pawl with other slots, queues or leases. */
    Pawl worker(UnaryOperator<WorkerSettings> change, Program... programs) {
        return open(settings -> settings.worker(change.apply(settings.worker())), programs);
    }

    /** A Pawl that works on nothing. */
    Pawl client(Program... programs) {
        return worker(worker -> worker.slots(0), programs);
    }

    /** A Pawl with other settings. */
    Pawl open(UnaryOperator<Settings> change, Program... programs) {
        var settings = Settings.DEFAULT
                .worker(WorkerSettings.DEFAULT.lease(Duration.ofSeconds(20)).grace(Duration.ofSeconds(2)))
                .artifacts(artifacts);
        var pawl = Pawl.open(url, change.apply(settings), List.of(programs));
        open.add(pawl);
        return pawl;
    }

    /** Closes one of them early. */
    void close(Pawl pawl) {
        open.remove(pawl);
        pawl.close();
    }

    /** Waits for the failure of a run; all of this must be in its problem. */
    static void fails(Handle<?> handle, String... parts) {
        assertThatThrownBy(() -> handle.await(PATIENCE))
                .isInstanceOfSatisfying(
                        RunFailed.class,
                        failed -> assertThat(List.of(parts))
                                .allSatisfy(part -> assertThat(String.valueOf(failed.problem()))
                                        .contains(part)));
    }

    /** The whole history of a run, which must have no gaps. */
    static List<Event> history(Pawl pawl, RunId run) {
        var events = pawl.events(run, 0, ALL);
        assertThat(events.stream().map(Event::seq))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events.size()).boxed().toList());
        return events;
    }

    /** The history in words: {@code task.succeeded a[0]}. */
    static List<String> story(Pawl pawl, RunId run) {
        return history(pawl, run).stream()
                .map(event -> event.task() == null ? event.kind() : event.kind() + " " + event.task())
                .toList();
    }

    @Override
    public void close() throws IOException {
        open.forEach(Pawl::close);
        try (var files = Files.walk(artifacts.getParent())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
