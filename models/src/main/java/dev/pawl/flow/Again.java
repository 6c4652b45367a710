package dev.pawl.flow;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Elements;
import dev.pawl.json.Hash;
import dev.pawl.json.JsonDiff;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.travel.Story;
import dev.pawl.travel.TaskTimeline;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recorded run of a flow decided again: today's rules are given the recorded ends of its tasks in their order, and must
 * create the same tasks, skip the same steps and come to the same output. The code of a step is executed again if it asks the
 * outside through a journal; of others the recorded output stands.
 */
final class Again {

    private final Rules rules;
    private final String label;
    private final History history;
    private final Consumer<Moment> seen;
    private final TaskTimeline timeline;
    private final StepAgain steps;
    private final Map<String, BitSet> created = new HashMap<>();
    private final Deque<Plan.Note> expected = new ArrayDeque<>();
    private Json state = Json.NULL;
    private int moment;
    private int told;
    private Plan.@Nullable Change end;
    private @Nullable Divergence divergence;

    Again(Rules rules, String label, History history, Consumer<Moment> seen) {
        this.rules = rules;
        this.label = label;
        this.history = history;
        this.seen = seen;
        this.timeline = TaskTimeline.of(history);
        this.steps = new StepAgain(rules.dag(), label, history);
    }

    /** @param first what the rules say to the input of the run */
    Replay run(Supplier<Plan> first) {
        @Nullable Plan start;
        try {
            start = start(first);
        } catch (Failure.Logic refused) {
            return new Replay(0, "", diverged("start", List.of(), "the run would be refused: " + refused.getMessage()));
        }
        if (start == null)
            throw new Failure.Logic("Run " + history.run().id() + " cannot be decided again: " + unknownStart());
        tell(timeline.at(0));
        take(start);
        Story.events(history, event -> {
            if (divergence == null) follow(event);
        });
        if (divergence == null) finish();
        return new Replay(told, divergence == null ? said() : "", divergence);
    }

    private void tell(Moment now) {
        told++;
        seen.accept(now);
    }

    private @Nullable Plan start(Supplier<Plan> first) {
        var link = history.details().link();
        if (link == null || link == Link.RESTART) return first.get();
        var earlier = history.earlier();
        return link == Link.RETRY && earlier != null ? rules.retry(earlier.run().state()) : null;
    }

    private String unknownStart() {
        return history.details().link() == Link.FORK
                ? "it is a fork, which does not record what it took over."
                : "the run that it retries is not at hand.";
    }

    // ---- events ---------------------------------------------------------------------------------------------------

    private void follow(Event event) {
        if (event.kind().startsWith("step.")) noted(event);
        else if (isEnd(event)) ended();
    }

    private boolean isEnd(Event event) {
        if (moment == timeline.last()) return false;
        var next = timeline.end(moment + 1);
        return next.label().equals(event.task())
                && event.kind().startsWith("task.")
                && event.kind().endsWith(word(next.status()));
    }

    private static String word(TaskStatus status) {
        return "." + status.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A fact of a step that the record tells of: the rules must have said the same. */
    private void noted(Event event) {
        var next = expected.poll();
        String recorded = event.kind() + " " + event.task() + " " + event.data();
        if (next == null) {
            differs("the record says " + recorded + ", and today's rules say nothing there");
            return;
        }
        String now = next.kind() + " " + next.task() + " " + next.data();
        boolean same = next.kind().equals(event.kind())
                && String.valueOf(next.task()).equals(event.task())
                && Hash.of(next.data()).equals(Hash.of(event.data()));
        if (!same) differs("the record says " + recorded + ", and today's rules say " + now);
    }

    private void ended() {
        moment++;
        var end = timeline.end(moment);
        if (!expected.isEmpty()) {
            var next = expected.getFirst();
            differs("today's rules say %s %s, and the record does not".formatted(next.kind(), next.task()));
            return;
        }
        boolean known = created.getOrDefault(end.name(), new BitSet()).get(end.index());
        if (!known) {
            differs("task " + end.label() + " has ended, and today's rules do not create it");
            return;
        }
        var task = timeline.pages().find(end.name(), end.index());
        if (task == null) {
            differs("the row of task " + end.label() + " is missing");
            return;
        }
        if (end.status() == TaskStatus.SUCCEEDED && task.output() != null) {
            divergence = steps.differs(task.task().key(), moment, state, history.load(task.output()));
            if (divergence != null) return;
        }
        try {
            take(rules.advance(state, end.name(), end.index(), outcome(end, task)));
        } catch (RuntimeException unfit) {
            differs("today's rules cannot take the end of task " + end.label() + ": " + unfit);
            return;
        }
        if (divergence == null) tell(timeline.at(moment));
    }

    /** How a task ended. */
    private Outcome outcome(TaskTimeline.End end, TaskDetails task) {
        return switch (end.status()) {
            case SUCCEEDED -> {
                var output = task.output();
                if (output == null) throw new IllegalStateException("its output is missing");
                yield new Outcome.Succeeded(output, size(end, output), null);
            }
            case SKIPPED -> new Outcome.Skipped(SkipReason.CONDITION_UNMET.word);
            default -> {
                var problem = task.problem();
                if (problem == null) throw new IllegalStateException("its problem is missing");
                yield new Outcome.Failed(Problem.parse(problem), task.output());
            }
        };
    }

    /** As the task itself said it: the number of elements of a list, or what a gate has counted. */
    private int size(TaskTimeline.End end, Payload output) {
        String text = history.load(output).text();
        if (end.name().endsWith(Dag.GATE)) return Integer.parseInt(text);
        var step = rules.dag().ofTask(end.name());
        boolean isList = step != null && step.kind == Node.Kind.LIST;
        return isList && Elements.isList(text) ? Elements.of(text).size() : -1;
    }

    private void take(Plan plan) {
        state = plan.state();
        for (var change : plan.changes()) {
            switch (change) {
                case Plan.Create create ->
                    created.computeIfAbsent(create.name(), name -> new BitSet()).set(create.from(), create.to());
                case Plan.Note note -> expected.add(note);
                case Plan.Succeed ignored -> end = change;
                case Plan.Fail ignored -> end = change;
                default -> {
                    // what is taken over ends without an event, and what is cancelled ends by itself
                }
            }
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    private void finish() {
        var next = expected.peek();
        var status = history.details().status();
        if (next != null) {
            differs("today's rules say %s %s, and the record does not".formatted(next.kind(), next.task()));
        } else if (end instanceof Plan.Succeed succeed) {
            if (status == RunStatus.SUCCEEDED) output(succeed.output());
            else if (status == RunStatus.FAILED) differs("the run failed, and by today's rules it succeeds");
        } else if (end instanceof Plan.Fail fail) {
            if (status == RunStatus.SUCCEEDED) {
                differs("the run succeeded, and by today's rules it fails: "
                        + fail.problem().summary());
            }
        } else if (status == RunStatus.SUCCEEDED) {
            differs("the run succeeded, and by today's rules it goes on");
        }
        if (divergence == null) missing();
    }

    private void output(Plan.Output output) {
        var collected = history.details().collected();
        switch (output) {
            case Plan.Output.Collected now -> {
                if (!now.equals(collected)) differs("its output was " + collected + " and is now " + now);
            }
            case Plan.Output.Value(Payload payload) -> {
                var before = history.result();
                var after = history.load(payload);
                if (collected != null || before == null) {
                    differs("its output was " + collected + " and is now a value");
                } else if (!Hash.of(before).equals(Hash.of(after))) {
                    var differences = JsonDiff.of(before, after);
                    divergence = new Divergence(
                            history.run().id(),
                            moment,
                            String.valueOf(rules.dag().resultNode().name),
                            null,
                            "end",
                            Hash.of(before),
                            Hash.of(after),
                            differences,
                            "%s diverged at the end of run %s: its output is another. %s"
                                    .formatted(label, history.run().id(), String.join(" ", differences)));
                }
            }
        }
    }

    /** Tasks that the rules create, and the record has not. A run that was cancelled or failed may not have got there. */
    private void missing() {
        var status = history.details().status();
        if (status == RunStatus.FAILED || status == RunStatus.CANCELLED) return;
        for (var step : created.entrySet()) {
            for (int index = step.getValue().nextSetBit(0);
                    index >= 0;
                    index = step.getValue().nextSetBit(index + 1)) {
                if (timeline.pages().find(step.getKey(), index) != null) continue;
                differs("today's rules create task %s[%d], and the record does not have it"
                        .formatted(step.getKey(), index));
                return;
            }
        }
    }

    private String said() {
        var rest = Story.rest(history.details());
        return rest == null ? "It ended as recorded." : rest;
    }

    private void differs(String what) {
        if (divergence == null) divergence = diverged("rules", List.of(), what);
    }

    private Divergence diverged(String type, List<String> differences, String what) {
        String task = moment == 0 ? "" : timeline.end(moment).label();
        return new Divergence(
                history.run().id(),
                moment,
                task,
                null,
                type,
                null,
                null,
                differences,
                "%s diverged at moment %d of run %s: %s%s"
                        .formatted(label, moment, history.run().id(), what, what.endsWith(".") ? "" : "."));
    }
}
