package dev.pawl.travel;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.History;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what holds for the record of every run, whatever its model. */
public final class Records {

    private final History history;
    private final List<String> flaws = new ArrayList<>();
    private final Map<String, BitSet> succeeded = new HashMap<>();
    private final Map<String, BitSet> continued = new HashMap<>();
    private int expected = 1;

    /** Whether the run goes on for ever: what is long over is taken from it, all but its first event. */
    private final boolean standing;

    private boolean trimmed;

    private Records(History history) {
        this.history = history;
        String program = history.details().program();
        this.standing = program.startsWith("pipeline:") || program.startsWith("schedule:");
    }

    /** What does not fit, a sentence each. */
    public static List<String> flaws(History history) {
        var records = new Records(history);
        records.events();
        records.tasks();
        records.result();
        return records.flaws;
    }

    private void events() {
        Story.events(history, event -> {
            if (event.seq() != expected && standing && !trimmed) trimmed = true;
            else if (event.seq() != expected) {
                flaws.add("Event %d is missing: the events go from %d to %d."
                        .formatted(expected, expected - 1, event.seq()));
            }
            expected = event.seq() + 1;
            var place = Story.place(event);
            if (place == null || place.index() < 0) return;
            if (event.kind().equals("task.succeeded")) mark(succeeded, place);
            if (event.kind().equals("task.continued")) mark(continued, place);
        });
        int last = history.run().seq();
        if (expected - 1 != last)
            flaws.add("The run counts %d events, and its last one is number %d.".formatted(last, expected - 1));
    }

    private static void mark(Map<String, BitSet> marked, Story.Place place) {
        marked.computeIfAbsent(place.name(), name -> new BitSet()).set(place.index());
    }

    private void tasks() {
        Story.tasks(history, this::task);
        succeeded.forEach((name, left) -> {
            if (name.startsWith("~") || standing) return; // its row may be gone before its event
            left.stream()
                    .forEach(index -> flaws.add("Task %s[%d] has succeeded by its event, and its row does not say so."
                            .formatted(name, index)));
        });
    }

    private void task(TaskDetails task) {
        var key = task.task().key();
        if (task.task().status() == TaskStatus.SUCCEEDED) {
            boolean ended = take(succeeded, task);
            boolean told = take(continued, task) || ended;
            // What a run took over from the one that it goes on from has no event of its own.
            if (!told && !trimmed && history.details().retryOf() == null) {
                flaws.add("Task %s has succeeded by its row, and no event tells of it.".formatted(key.label()));
            }
            if (task.output() == null) flaws.add("The output of task %s is missing.".formatted(key.label()));
            else readable("The output of task " + key.label(), task.output());
        }
        effects(key.name(), key.index());
    }

    private static boolean take(Map<String, BitSet> marked, TaskDetails task) {
        var indexes = marked.get(task.task().key().name());
        int index = task.task().key().index();
        if (indexes == null || !indexes.get(index)) return false;
        indexes.clear(index);
        return true;
    }

    private void readable(String what, Payload payload) {
        if (!payload.isArtifact()) return;
        try {
            history.load(payload);
        } catch (RuntimeException lost) {
            flaws.add(what + " cannot be read: " + lost.getMessage());
        }
    }

    private void effects(String task, int index) {
        Effect before = null;
        for (Effect effect : history.revisions(task, index)) {
            if (effect.ordinal() < 0) continue;
            boolean same = before != null && before.ordinal() == effect.ordinal();
            if (same && !follows(before, effect)) {
                flaws.add("Effect %d of task %s[%d] cannot have become %s after it was %s."
                        .formatted(
                                effect.ordinal(), task, index, effect.status(), before == null ? "" : before.status()));
            }
            if (effect.value() != null) {
                readable(
                        "The value of effect %d of task %s[%d]".formatted(effect.ordinal(), task, index),
                        effect.value());
            }
            before = effect;
        }
    }

    /** What a copy or a person wrote into a journal may be followed by anything, and so may what is tried again. */
    private static boolean follows(@Nullable Effect before, Effect effect) {
        if (before == null || before.attempt() == 0 || effect.attempt() == 0) return true;
        if (before.status() == EffectStatus.RECONCILING && effect.status() == EffectStatus.RECONCILING)
            return true; // asked again
        boolean again = before.status() == EffectStatus.FAILED || before.status() == EffectStatus.BEGUN;
        return (again && effect.status() == EffectStatus.BEGUN)
                || before.status().allows(effect.status());
    }

    private void result() {
        if (history.details().status() != RunStatus.SUCCEEDED) return;
        try {
            if (history.result() == null) flaws.add("The run has succeeded, and its output is missing.");
        } catch (RuntimeException lost) {
            flaws.add("The output of the run cannot be read: " + lost.getMessage());
        }
    }
}
