package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.RunHistory;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A database, a clock that stands still, and workers without threads: what the tests of jobs have in common. */
final class Stage implements AutoCloseable {

    private static final int ALL = 1_000_000;

    final SettableClock clock = new SettableClock(1_800_000_000_000L);
    final String url;
    final Store store;

    Stage(Database database) {
        url = database.url();
        store = Database.open(url);
    }

    /** A worker with code for these; several are several processes. */
    HandDriven worker(Program... programs) {
        return new HandDriven(store, clock, List.of(programs));
    }

    /** Lets time pass, and then does what is due. */
    void pass(Duration time, HandDriven worker) {
        clock.advance(time);
        worker.drain();
    }

    /** Claims a task, runs it, and dies before the end of the attempt is written. The lease has run out afterwards. */
    void die(HandDriven worker) {
        worker.attempt(worker.claim(1).getFirst());
        clock.advance(Duration.ofSeconds(10));
    }

    /** Asks something of a Pawl that works on nothing, on the same database and by the same clock. */
    <T> T ask(Function<Pawl, T> question, Program... programs) {
        try (var pawl = client(programs)) {
            T answer = question.apply(pawl);
            clock.advance(Duration.ofSeconds(3)); // its clock went on, and it must not have written in the future
            return answer;
        }
    }

    /** A Pawl that works on nothing, on the same database, and never ahead of the clock of the test while that moves on. */
    Pawl client(Program... programs) {
        return Pawl.over(lent(), Settings.CLIENT, List.of(programs));
    }

    /** The store, by the clock of the test and not to be closed. */
    private Store lent() {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) return null;
                    if (method.getName().equals("databaseTime")) return clock.now();
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException wrapped) {
                        throw wrapped.getTargetException();
                    }
                });
    }

    RunStatus status(RunId run) {
        return store.run(run).orElseThrow().status();
    }

    /** Why a run failed or is blocked. */
    Problem problem(RunId run) {
        return Problem.parse(Objects.requireNonNull(store.run(run).orElseThrow().problem()));
    }

    /** The one open task of a run that is not the kernel's. */
    Task open(RunId run) {
        return store.tasks(run, null, 0, ALL).stream()
                .map(details -> details.task())
                .filter(task -> !task.key().kernels())
                .filter(task -> task.status() == TaskStatus.READY || task.status() == TaskStatus.RUNNING)
                .findFirst()
                .orElseThrow();
    }

    /** A task of a run. */
    Task task(RunId run, String name, int index) {
        return store.tasks(run, name, index, 1).getFirst().task();
    }

    /** The newest revisions of a journal. */
    List<Effect> effects(RunId run, String task, int index) {
        return RunHistory.journal(store, new TaskKey(run, task, index));
    }

    /** What the first round of a job has recorded, in words: {@code 0 call a APPLIED}. */
    List<String> journal(RunId run) {
        return journal(run, "job", 0);
    }

    /** What a task has recorded, in words. */
    List<String> journal(RunId run, String task, int index) {
        return effects(run, task, index).stream()
                .filter(effect -> effect.ordinal() >= 0)
                .map(effect -> effect.ordinal() + " " + effect.kind()
                        + (effect.name().isEmpty() ? "" : " " + effect.name()) + " " + effect.status())
                .toList();
    }

    /** The history in words, which must have no gaps: {@code task.succeeded job[0]}. */
    List<String> story(RunId run) {
        var events = store.events(run, 0, ALL);
        assertThat(events.stream().map(event -> event.seq()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events.size()).boxed().toList());
        return events.stream()
                .map(event -> event.task() == null ? event.kind() : event.kind() + " " + event.task())
                .toList();
    }

    /** The details of the events of one kind. */
    List<String> told(RunId run, String kind) {
        return store.events(run, 0, ALL).stream()
                .filter(event -> event.kind().equals(kind))
                .map(event -> event.data().text())
                .toList();
    }

    /** A text as JSON. */
    static Json json(String text) {
        return new Json(Json.quote(text));
    }

    /** The value behind a payload. */
    Json load(dev.pawl.core.Payload payload) {
        return new Payloads(new dev.pawl.exec.ArtifactFolder(store.defaultArtifacts()), Payloads.Limits.DEFAULT)
                .load(payload);
    }

    @Override
    public void close() {
        store.close();
    }
}
