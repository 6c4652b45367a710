package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What made a task fail, and what a new run takes over of its journal so that only that is done over. */
public final class Failed {

    private Failed() {}

    /**
     * The positions that the failure of a task came from. The mark is left by the attempt that failed; one that was only
     * copied says nothing about this run.
     */
    public static Set<Integer> marked(List<Effect> journal) {
        var marked = new TreeSet<Integer>();
        for (Effect effect : journal) {
            String at = effect.ordinal() == Effect.FAILURE && effect.attempt() > 0
                    ? Notes.text(effect.request(), Notes.AT)
                    : null;
            if (at != null) Arrays.stream(at.split(",")).map(Integer::valueOf).forEach(marked::add);
        }
        return marked;
    }

    /** Takes over the journal of a task without what made it fail. */
    public static List<Plan.Change> without(List<Effect> journal, String task, int index) {
        var over = new TreeSet<Integer>();
        var marked = marked(journal);
        for (Effect effect : journal) {
            if (effect.status() == EffectStatus.FAILED && marked.contains(effect.ordinal())) over.add(effect.ordinal());
        }
        return without(over, journal, task, index);
    }

    /** The same without these positions. */
    public static List<Plan.Change> without(Set<Integer> over, List<Effect> journal, String task, int index) {
        int below = over.stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
        var changes = new ArrayList<Plan.Change>();
        if (below > 0) changes.add(new Plan.CopyJournal(task, index, index, below));
        for (Effect effect : journal) {
            if (effect.ordinal() > below && !over.contains(effect.ordinal())) {
                changes.add(new Plan.Write(task, index, copied(effect)));
            }
        }
        return changes;
    }

    /** As nobody's attempt has recorded it. */
    public static Effect copied(Effect was) {
        return new Effect(
                was.ordinal(),
                was.revision(),
                0,
                was.at(),
                was.kind(),
                was.status(),
                was.name(),
                was.request(),
                was.value(),
                was.problem());
    }
}
