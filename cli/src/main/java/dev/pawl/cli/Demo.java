package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.engine.Submit;
import dev.pawl.flow.FlowProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The crash demo: a census worked on by two processes, one of which is killed in the middle of the map. */
final class Demo implements AutoCloseable {

    private static final String MAP = "count";
    private static final int SLOTS = 4;
    private static final Duration MAP_SHOULD_TAKE = Duration.ofSeconds(6);
    private static final Duration LONGEST = Duration.ofSeconds(50);
    private static final Duration TICK = Duration.ofMillis(40);
    private static final int MOST_TASKS = 200;
    private static final double MIDDLE = 0.4;

    private final Shared shared;
    private final Path folder;
    private final Path temporary;
    private final Recount truth;
    private final Traces traces;
    private final String url;
    private final Story story;
    private final long begin = System.nanoTime();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Demo(Shared shared, Path folder, Path temporary, Recount truth) throws IOException {
        this.shared = shared;
        this.folder = folder;
        this.temporary = temporary;
        this.truth = truth;
        this.traces = new Traces(Files.createDirectory(temporary.resolve("traces")));
        this.url = "jdbc:sqlite:" + temporary.resolve("demo.db");
        this.story = new Story(shared);
    }

    /**
     * Counts the files and makes a folder for everything that will be written.
     *
     * @throws Complaint if there is nothing to count here
     */
    static Demo prepare(Shared shared, Path folder) throws IOException, InterruptedException {
        var truth = Recount.of(folder)
                .orElseThrow(() -> Complaint.refused(
                        "The demo checks its result with find and wc, which do not work in " + folder + "."));
        if (truth.files() == 0) throw Complaint.refused("There are no files in " + folder + " to count.");
        return new Demo(shared, folder, Files.createTempDirectory("pawl-demo-"), truth);
    }

    /** What was seen right after the kill. */
    private record Wreck(WorkerProcess victim, Set<String> done, long doneByVictim, Set<String> inHands) {}

    /** Plays it; answers whether everything was as it must be. */
    boolean play() throws IOException, InterruptedException {
        var pace = pace();
        story.title("A crash in the middle of a map");
        story.fact("Folder", folder + ": " + truth + ", say find and wc.");
        story.fact("Database", "a fresh SQLite file in " + temporary + ", removed afterwards.");
        story.fact(
                "Pace",
                "each task is slowed down by " + Text.duration(pace.toMillis())
                        + " on purpose, or it would be over too soon.");
        start(pace);
        start(pace);
        story.moment("Worker 1 is process %d, worker 2 is process %d; %d slots each.".formatted(pid(1), pid(2), SLOTS));
        try (var pawl = Pawl.open(url, Settings.CLIENT, shared.shelf().named("census"))) {
            var input = new Json("{\"folder\":" + Json.quote(folder.toString()) + "}");
            var handle = pawl.submit("flow:census", input, Submit.NOW.by("demo"));
            story.moment("Submitted run " + handle.id() + ": list the files, map over them, sum up.");
            awaitMiddle(pawl, handle.id());
            var wreck = kill(pawl, handle.id());
            start(pace);
            story.moment("Worker 3 is process " + pid(3) + ".");
            Json output = await(pawl, handle, wreck);
            story.moment("The run has succeeded.");
            return check(pawl, handle.id(), wreck, output);
        }
    }

    private Duration pace() {
        long tasks = Math.min(MOST_TASKS, truth.files());
        long millis = MAP_SHOULD_TAKE.toMillis() * 2 * SLOTS / tasks;
        return Duration.ofMillis(Math.clamp(millis, 20, 1_500));
    }

    private void start(Duration pace) throws IOException {
        int number = workers.size() + 1;
        workers.add(
                WorkerProcess.start(number, temporary, DemoWorkerCommand.arguments(url, traces.folder(), pace, SLOTS)));
    }

    private long pid(int number) {
        return workers.get(number - 1).pid();
    }

    // ---- before the crash -----------------------------------------------------------------------------------------

    private void awaitMiddle(Pawl pawl, RunId id) throws InterruptedException {
        var line = new ProgressLine(shared.screen());
        while (true) {
            requireTime();
            requireWorkers(2);
            RunDetails run = pawl.run(id);
            line.show(run, "");
            var map = map(run);
            if (map != null && map.total() > 0 && map.done() >= map.total() * MIDDLE && victim(pawl, id) != null) break;
            if (run.status().terminal()) {
                throw Complaint.refused(
                        "The run was over (" + run.status() + ") before there was a middle to kill a worker in.");
            }
            TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
        }
        line.clear();
    }

    private static FlowProgress.@Nullable OfStep map(RunDetails run) {
        return FlowProgress.of(run.run().state()).steps().stream()
                .filter(step -> step.name().equals(MAP))
                .findFirst()
                .orElse(null);
    }

    /** The worker with most to lose; null while none has anything in its hands. */
    private @Nullable WorkerProcess victim(Pawl pawl, RunId id) {
        var tasks = pawl.store().tasks(id, MAP, 0, MOST_TASKS * 2);
        return workers.stream()
                .filter(worker -> running(pawl, tasks, worker) > 0)
                .max(Comparator.comparingLong(worker -> running(pawl, tasks, worker)))
                .orElse(null);
    }

    private static long running(Pawl pawl, List<TaskDetails> tasks, WorkerProcess worker) {
        return tasks.stream()
                .filter(task -> task.task().status() == TaskStatus.RUNNING && belongs(pawl, task, worker))
                .count();
    }

    private static boolean belongs(Pawl pawl, TaskDetails task, WorkerProcess worker) {
        Integer number = task.task().worker();
        return number != null
                && pawl.store().workers().stream()
                        .anyMatch(info -> info.id() == number && info.host().endsWith(":" + worker.pid()));
    }

    private Wreck kill(Pawl pawl, RunId id) throws InterruptedException {
        var victim = victim(pawl, id);
        if (victim == null)
            throw Complaint.refused("No worker had a task in its hands when one was to be killed. Run the demo again.");
        victim.kill();
        story.moment("kill -9 " + victim.pid() + ": worker " + victim.number() + " is dead.");
        var tasks = pawl.store().tasks(id, MAP, 0, MOST_TASKS * 2);
        var wreck = new Wreck(
                victim,
                labels(tasks.stream().filter(task -> task.task().status() == TaskStatus.SUCCEEDED)),
                tasks.stream()
                        .filter(task -> task.task().status() == TaskStatus.SUCCEEDED && belongs(pawl, task, victim))
                        .count(),
                labels(tasks.stream()
                        .filter(task -> task.task().status() == TaskStatus.RUNNING && belongs(pawl, task, victim))));
        var map = map(pawl.run(id));
        story.detail("Done for good at this moment: %d of %d tasks of the map, %d of them by worker %d."
                .formatted(wreck.done().size(), map == null ? 0 : map.total(), wreck.doneByVictim(), victim.number()));
        story.detail("In its hands: " + names(wreck.inHands()) + ".");
        return wreck;
    }

    private static Set<String> labels(Stream<TaskDetails> tasks) {
        return tasks.map(task -> task.task().key().label()).collect(Collectors.toCollection(Traces::labels));
    }

    private static String names(Set<String> labels) {
        return labels.isEmpty() ? "nothing" : String.join(", ", labels);
    }

    // ---- after it -------------------------------------------------------------------------------------------------

    private Json await(Pawl pawl, Handle<Json> handle, Wreck wreck) throws InterruptedException {
        var line = new ProgressLine(shared.screen());
        boolean told = false;
        while (true) {
            try {
                Json output = handle.await(Duration.ofMillis(120));
                line.clear();
                if (!told) told = takenOver(pawl, handle.id(), wreck);
                return output;
            } catch (TimeoutException goesOn) {
                requireTime();
                requireWorkers(3);
                line.clear();
                if (!told) told = takenOver(pawl, handle.id(), wreck);
                line.show(pawl.run(handle.id()), "");
            }
        }
    }

    /** Tells who has what was in the dead worker's hands, as soon as somebody has all of it. */
    private boolean takenOver(Pawl pawl, RunId id, Wreck wreck) {
        var byWorker = new TreeMap<String, Set<String>>();
        for (TaskDetails task : pawl.store().tasks(id, MAP, 0, MOST_TASKS * 2)) {
            String label = task.task().key().label();
            if (!wreck.inHands().contains(label)) continue;
            if (belongs(pawl, task, wreck.victim())) return false;
            byWorker.computeIfAbsent(worker(pawl, task), worker -> Traces.labels())
                    .add(label);
        }
        if (byWorker.isEmpty()) return true;
        story.moment("Its leases of " + DemoWorkerCommand.LEASE.toSeconds() + " s have run out. "
                + byWorker.entrySet().stream()
                        .map(taken -> "Taken over by " + taken.getKey() + ": " + names(taken.getValue()) + ".")
                        .collect(Collectors.joining(" ")));
        return true;
    }

    private String worker(Pawl pawl, TaskDetails task) {
        return workers.stream()
                .filter(worker -> belongs(pawl, task, worker))
                .map(worker -> "worker " + worker.number())
                .findFirst()
                .orElse("an unknown worker");
    }

    private boolean check(Pawl pawl, RunId id, Wreck wreck, Json output) throws IOException, InterruptedException {
        var lines = traces.read();
        var begins = Traces.times(lines, MAP, Traces.Mark.BEGIN);
        var ends = Traces.times(lines, MAP, Traces.Mark.END);
        var map = map(pawl.run(id));
        int total = map == null ? 0 : map.total();
        Set<String> twice = Traces.labels();
        begins.forEach((task, times) -> {
            if (times > 1) twice.add(task);
        });
        Set<String> doneTwice = Traces.labels();
        doneTwice.addAll(wreck.done());
        doneTwice.retainAll(twice);
        story.title("Counted outside of the engine, in files that the tasks append to");
        story.check(
                "all_ran",
                total > 0 && ends.size() == total,
                "%d of %d tasks of the map ran to their end.".formatted(ends.size(), total));
        story.check(
                "done_once",
                doneTwice.isEmpty(),
                "None of the %d tasks that were done at the kill ran again%s"
                        .formatted(
                                wreck.done().size(),
                                doneTwice.isEmpty() ? "." : ", but these did: " + names(doneTwice)));
        story.check(
                "only_taken_over_twice",
                wreck.inHands().containsAll(twice),
                "Begun twice: " + names(twice) + "; nothing but what the dead worker had in its hands.");
        result(output);
        story.end(output, total, wreck.done().size(), wreck.inHands().size());
        return story.allHold();
    }

    private void result(Json output) throws InterruptedException {
        var report = RunDocument.tree(output);
        var counted = new Recount(
                report.path("files").asLong(),
                report.path("lines").asLong(),
                report.path("words").asLong(),
                report.path("bytes").asLong());
        var now = Recount.of(folder).orElse(truth);
        if (!now.equals(truth) && !counted.equals(truth)) {
            story.check(
                    "result",
                    counted.equals(now),
                    "The files changed meanwhile. The result is " + counted + "; find and wc now say " + now + ".");
        } else {
            story.check(
                    "result",
                    counted.equals(truth),
                    counted.equals(truth)
                            ? "The result is what find and wc say: " + counted + "."
                            : "The result is " + counted + "; find and wc say " + truth + ".");
        }
    }

    // ---- limits ---------------------------------------------------------------------------------------------------

    private void requireTime() throws InterruptedException {
        if (closed.get()) new CountDownLatch(1).await(); // interrupted: this process is ending, and has said so
        if (System.nanoTime() - begin > LONGEST.toNanos()) {
            throw Complaint.refused(
                    "The demo took longer than " + LONGEST.toSeconds() + " s and was given up." + lastWords());
        }
    }

    /** All but the killed one. */
    private void requireWorkers(int started) {
        long dead = workers.stream().filter(worker -> !worker.alive()).count();
        if (dead > started - 2) throw Complaint.refused("A worker process has ended by itself." + lastWords());
    }

    private String lastWords() {
        return workers.stream()
                .map(WorkerProcess::lastWords)
                .filter(words -> !words.isEmpty())
                .map(words -> System.lineSeparator() + words)
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        for (var worker : workers) {
            try {
                worker.kill();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
        try (var files = Files.walk(temporary)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException left) {
            shared.screen().say("Could not remove " + temporary + ": " + left.getMessage());
        }
    }
}
