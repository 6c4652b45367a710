package dev.pawl.flow;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Outputs;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** One run of a program in memory: does what the kernel does with plans, one task after the other, without a database. */
final class Rehearsal implements Outputs {

    private static final AtomicLong RUNS = new AtomicLong();

    private static final class Held {
        TaskStatus status = TaskStatus.READY;
        Json output;
        Problem problem;
    }

    private final Program program;
    private final RunId id = new RunId(0, RUNS.incrementAndGet());
    private final Json input;
    private final Rehearsal retried;
    private final Map<String, Map<Integer, Held>> tasks = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();
    private final List<Plan.Create> creates = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private Json state = new Json("{}");
    private RunStatus status = RunStatus.RUNNING;
    private Plan.Output output;
    private Problem problem;
    private int mostOpen;

    private Rehearsal(Program program, Json input, Rehearsal retried, Plan first) {
        this.program = program;
        this.input = input;
        this.retried = retried;
        apply(first);
    }

    static <I> Rehearsal start(TypedProgram<I, ?> program, I input) {
        return startJson(program, program.encode(input).text());
    }

    static Rehearsal startJson(Program program, String input) {
        var json = new Json(input);
        return new Rehearsal(program, json, null, program.start(json));
    }

    Rehearsal retry() {
        return retryWith(program);
    }

    Rehearsal retryWith(Program code) {
        return new Rehearsal(code, input, this, code.retry(history()));
    }

    /** Runs every task in the order of its creation until the run is over. */
    Rehearsal run() {
        while (!open.isEmpty()) run(open.iterator().next());
        return this;
    }

    /** The same in an arbitrary order. */
    Rehearsal run(RandomGenerator order) {
        for (var open = open(); !open.isEmpty(); open = open()) run(open.get(order.nextInt(open.size())));
        return this;
    }

    /** Runs these tasks, {@code name[index]} or just {@code name}. */
    Rehearsal run(String... labels) {
        for (String label : labels) end(label, execute(key(label)));
        return this;
    }

    /** Nothing is recorded here, and nothing should be. */
    private static final Journal NO_JOURNAL = (Journal) java.lang.reflect.Proxy.newProxyInstance(
            Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (journal, method, arguments) -> {
                if (method.getName().equals("from")) return null;
                throw new IllegalStateException("A step of a flow asked its journal for " + method.getName());
            });

    private Outcome execute(TaskKey key) {
        for (int attempt = 1; ; attempt++) {
            try {
                return switch (program.execute(new Claimed(asRun(), key, attempt, this), NO_JOURNAL)) {
                    case Result.Done(Json done, int size, var ignored, var none) ->
                        new Outcome.Succeeded(Payload.inline(done), size);
                    case Result.Failed(Problem problem, var ignored) -> new Outcome.Failed(problem, null);
                    case Result.Skip(String reason) -> new Outcome.Skipped(reason);
                    case Result.Parked parked -> throw new IllegalStateException("steps do not wait");
                    case Result.Continued next -> throw new IllegalStateException("steps do not continue");
                };
            } catch (Exception e) {
                var kind = e instanceof Failure failure ? failure.failureClass() : FailureClass.UNCLASSIFIED;
                boolean again = kind.retried()
                        && attempt < program.options(key.name()).retry().maxAttempts();
                if (again) continue;
                var produced =
                        e instanceof Failure.TypeViolation violation ? Payload.inline(violation.produced()) : null;
                return new Outcome.Failed(Problem.of(kind, e), produced);
            }
        }
    }

    /** Ends a task like this, without running it. */
    Rehearsal end(String label, Outcome outcome) {
        var key = key(label);
        var held = tasks.getOrDefault(key.name(), Map.of()).get(key.index());
        if (held != null && open.remove(key.label())) {
            switch (outcome) {
                case Outcome.Succeeded done -> {
                    held.status = TaskStatus.SUCCEEDED;
                    held.output = new Json(done.output().stored());
                }
                case Outcome.Continued never -> throw new IllegalStateException("steps do not continue");
                case Outcome.Skipped skipped -> held.status = TaskStatus.SKIPPED;
                case Outcome.Failed failed -> {
                    held.status = TaskStatus.FAILED;
                    held.problem = failed.problem();
                }
            }
            events.add("task." + held.status.name().toLowerCase(java.util.Locale.ROOT) + " " + key.label());
        }
        apply(program.advance(asRun(), key, outcome));
        return this;
    }

    /** A flow asks its history for its run and its input, and for nothing else. */
    private History history() {
        return (History) java.lang.reflect.Proxy.newProxyInstance(
                History.class.getClassLoader(), new Class<?>[] {History.class}, (history, method, arguments) -> {
                    return switch (method.getName()) {
                        case "run" -> asRun();
                        case "input" -> input();
                        default -> throw new IllegalStateException("A flow asked its history for " + method.getName());
                    };
                });
    }

    private Run asRun() {
        return new Run(id, 1, status, null, Placement.DEFAULT, state, 0, null, null);
    }

    Rehearsal succeed(String label, String json) {
        int size = json.startsWith("[") ? sizeOf(json) : -1;
        return end(label, new Outcome.Succeeded(Payload.inline(new Json(json)), size));
    }

    Rehearsal fail(String label, String message) {
        return end(label, new Outcome.Failed(Problem.of(FailureClass.UNCLASSIFIED, "Boom", message), null));
    }

    private static int sizeOf(String json) {
        return dev.pawl.json.Elements.of(json).size();
    }

    private TaskKey key(String label) {
        int bracket = label.indexOf('[');
        if (bracket < 0) return new TaskKey(id, label, 0);
        return new TaskKey(
                id, label.substring(0, bracket), Integer.parseInt(label.substring(bracket + 1, label.length() - 1)));
    }

    private void apply(Plan plan) {
        state = plan.state();
        for (var change : plan.changes()) {
            if (status.terminal()) throw new AssertionError("Nothing may follow the end of the run: " + change);
            switch (change) {
                case Plan.Create create -> create(create);
                case Plan.CancelStep(String name) -> cancel(name);
                case Plan.Copy(String name) -> copy(name);
                case Plan.Provide(String name, int index, Payload given) -> {
                    var done = new Held();
                    done.status = TaskStatus.SUCCEEDED;
                    done.output = new Json(given.stored());
                    tasks.computeIfAbsent(name, step -> new TreeMap<>()).put(index, done);
                }
                case Plan.Begin begin -> throw new AssertionError("flows begin with a task");
                case Plan.Await wait -> throw new AssertionError("flows have no topics");
                case Plan.Wake wake -> throw new AssertionError("flows have no topics");
                case Plan.Retire retire -> throw new AssertionError("flows end in their version");
                case Plan.Publish publish -> throw new AssertionError("flows have no topics");
                case Plan.Dispose dispose -> throw new AssertionError("flows have no topics");
                case Plan.Block block -> throw new AssertionError("flows fail");
                case Plan.Inherit journal -> throw new AssertionError("flows have no journal");
                case Plan.CopyJournal copied -> throw new AssertionError("flows have no journal");
                case Plan.Write written -> throw new AssertionError("flows have no journal");
                case Plan.Forget forgotten -> throw new AssertionError("flows forget nothing");
                case Plan.Undone undone -> throw new AssertionError("flows have nothing to undo");
                case Plan.Note(String kind, String task, Json data) -> events.add(kind + " " + task + " " + data);
                case Plan.Succeed(Plan.Output result) -> {
                    output = result;
                    status = RunStatus.SUCCEEDED;
                    events.add("run.succeeded");
                    if (!open.isEmpty()) throw new AssertionError("The run succeeded with open tasks " + open);
                }
                case Plan.Fail(Problem why) -> {
                    problem = why;
                    status = RunStatus.FAILED;
                    events.add("run.failed");
                    List.copyOf(tasks.keySet()).forEach(this::cancel);
                }
            }
        }
        mostOpen = Math.max(mostOpen, open.size());
    }

    private void create(Plan.Create create) {
        creates.add(create);
        var ofStep = tasks.computeIfAbsent(create.name(), name -> new TreeMap<>());
        for (int i = create.from(); i < create.to(); i++) {
            if (ofStep.putIfAbsent(i, new Held()) == null) open.add(create.name() + "[" + i + "]");
        }
    }

    private void cancel(String name) {
        tasks.getOrDefault(name, Map.of()).forEach((index, task) -> {
            if (open.remove(name + "[" + index + "]")) task.status = TaskStatus.CANCELLED;
        });
    }

    private void copy(String name) {
        var ofStep = tasks.computeIfAbsent(name, step -> new TreeMap<>());
        retried.tasks.getOrDefault(name, Map.of()).forEach((index, task) -> {
            if (task.status == TaskStatus.SUCCEEDED) ofStep.put(index, task);
        });
    }

    /** The open tasks, in the order of their creation. */
    List<String> open() {
        return List.copyOf(open);
    }

    /** How this task stands, or null if it was never created. */
    TaskStatus task(String label) {
        var key = key(label);
        var held = tasks.getOrDefault(key.name(), Map.of()).get(key.index());
        return held == null ? null : held.status;
    }

    /** What the history says, without the data of the events. */
    List<String> story() {
        return events.stream()
                .map(event -> event.split(" "))
                .map(parts -> parts.length == 1 ? parts[0] : parts[0] + " " + parts[1])
                .toList();
    }

    List<String> events() {
        return events;
    }

    List<Plan.Create> creates() {
        return creates;
    }

    int mostOpen() {
        return mostOpen;
    }

    RunStatus status() {
        return status;
    }

    String problem() {
        return problem == null ? "" : problem.message();
    }

    String state() {
        return state.text();
    }

    /** {@code succeeded}, {@code skipped} …, or {@code waiting}. */
    String step(String name) {
        return FlowProgress.of(state).steps().stream()
                .filter(step -> step.name().equals(name))
                .map(FlowProgress.OfStep::status)
                .findFirst()
                .orElse("waiting");
    }

    String output() {
        return switch (output) {
            case null -> "";
            case Plan.Output.Value(Payload payload) -> payload.stored();
            case Plan.Output.Collected(String step, boolean withErrors) -> collect(step, withErrors);
        };
    }

    private String collect(String step, boolean withErrors) {
        var values = new ArrayList<String>();
        var errors = new ArrayList<String>();
        for (var entry : entries(step, 0, Integer.MAX_VALUE)) {
            if (entry.status() == TaskStatus.SUCCEEDED)
                values.add(entry.output().text());
            else errors.add("{\"index\":" + entry.index() + ",\"error\":" + entry.problem() + "}");
        }
        String list = "[" + String.join(",", values) + "]";
        return withErrors ? "{\"values\":" + list + ",\"errors\":[" + String.join(",", errors) + "]}" : list;
    }

    @Override
    public Json input() {
        return input;
    }

    @Override
    public Json of(String name, int index) {
        var task = tasks.getOrDefault(name, Map.of()).get(index);
        if (task == null || task.status != TaskStatus.SUCCEEDED) {
            throw new IllegalStateException(name + "[" + index + "] has not succeeded");
        }
        return task.output;
    }

    @Override
    public List<Entry> entries(String name, int from, int limit) {
        var entries = new ArrayList<Entry>();
        tasks.getOrDefault(name, Map.of()).forEach((index, task) -> {
            if (index >= from && entries.size() < limit && task.status.terminal()) {
                entries.add(new Entry(
                        index, task.status, task.output, task.problem == null ? null : task.problem.toJson()));
            }
        });
        return entries;
    }
}
