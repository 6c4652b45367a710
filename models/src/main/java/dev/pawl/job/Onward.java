package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.History;
import dev.pawl.tape.Failed;
import dev.pawl.tape.Notes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a new run keeps of the journal of the one that it goes on from. Pure, but for what {@link History} reads. */
final class Onward {

    private final History earlier;
    private final int round;
    private final List<Effect> journal;

    private Onward(History earlier) {
        this.earlier = earlier;
        this.round = JobRules.round(earlier.run().state());
        this.journal = earlier.journal(JobRules.JOB, round);
    }

    /** Keeps what was recorded, but for what made it fail. If what was done was undone, nothing is kept. */
    static Plan retry(History earlier) {
        var onward = new Onward(earlier);
        return JobRules.undone(earlier) ? onward.plan(List.of(), 0, List.of()) : onward.without(onward.failed());
    }

    /** Keeps what was recorded before a step. */
    static Plan fork(String job, History earlier, String from, Map<String, Payload> edits) {
        var onward = new Onward(earlier);
        var step = onward.step(job, from);
        var written = new ArrayList<Effect>();
        for (var edit : edits.entrySet()) {
            var was = onward.step(job, edit.getKey());
            if (was.ordinal() >= step.ordinal()) {
                throw new Failure.Logic(
                        "%s is to be done over from \"%s\" on, so \"%s\" cannot have another output: it comes later."
                                .formatted(job, from, edit.getKey()));
            }
            written.add(edited(was, edit.getValue()));
        }
        return onward.plan(onward.places(place -> place.at() <= step.at()), step.ordinal(), written);
    }

    private Plan without(Set<Integer> ordinals) {
        int below = ordinals.stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
        var above = journal.stream()
                .filter(effect -> effect.ordinal() > below && !ordinals.contains(effect.ordinal()))
                .map(Failed::copied)
                .toList();
        return plan(places(place -> true), below, above);
    }

    private Plan plan(List<Effect> places, int below, List<Effect> more) {
        var changes = new ArrayList<Plan.Change>();
        if (round > 0) changes.add(new Plan.Copy(JobRules.JOB)); // the output of a round is the input of the next
        if (below > 0 || !places.isEmpty() || !more.isEmpty())
            changes.add(new Plan.CopyJournal(JobRules.JOB, round, round, below));
        for (Effect effect : places) changes.add(new Plan.Write(JobRules.JOB, round, effect));
        for (Effect effect : more) changes.add(new Plan.Write(JobRules.JOB, round, effect));
        changes.add(new Plan.Create(JobRules.JOB, round, round + 1, Duration.ZERO, null));
        return new Plan(JobRules.inRound(round), changes);
    }

    /** The checkpoint and the progress. */
    private List<Effect> places(Predicate<Effect> kept) {
        return journal.stream()
                .filter(effect -> effect.ordinal() == Effect.CHECKPOINT || effect.ordinal() == Effect.PROGRESS)
                .filter(kept)
                .map(Failed::copied)
                .toList();
    }

    private static Effect edited(Effect was, Payload value) {
        return new Effect(
                was.ordinal(),
                was.revision() + 1,
                0,
                was.at(),
                was.kind(),
                EffectStatus.APPLIED,
                was.name(),
                null,
                value,
                null);
    }

    /** By name, the first that is called so, or by its position. */
    private Effect step(String job, String step) {
        for (Effect effect : journal) {
            if (effect.ordinal() < 0) continue;
            if (effect.name().equals(step) || String.valueOf(effect.ordinal()).equals(step)) return effect;
        }
        throw new Failure.Logic("%s has recorded no step \"%s\". It has recorded: %s."
                .formatted(
                        job,
                        step,
                        journal.stream()
                                .filter(effect -> effect.ordinal() >= 0)
                                .map(effect -> effect.ordinal() + " " + effect.kind()
                                        + (effect.name().isEmpty() ? "" : " " + effect.name()))
                                .toList()));
    }

    // ---- what made it fail ----------------------------------------------------------------------------------------

    /** The positions that are done over: what the code has met since then and gone on with stays as it was. */
    private Set<Integer> failed() {
        var marked = Failed.marked(journal);
        var over = new TreeSet<Integer>();
        var known = new TreeSet<RunId>(); // children whose end the code knows
        var again = new TreeSet<RunId>();
        for (Effect effect : journal) {
            boolean isMarked = marked.contains(effect.ordinal());
            String child = Notes.text(effect.request(), Notes.CHILD);
            if (child != null && !isMarked) known.add(RunId.parse(child));
            if (!isMarked || !hasFailed(effect)) continue;
            over.add(effect.ordinal());
            if (child != null) again.add(RunId.parse(child));
        }
        over.addAll(lostChildren(known, again));
        return over;
    }

    private static boolean hasFailed(Effect effect) {
        return switch (effect.kind()) {
            case Parallel.ANY, Parallel.RACE -> true;
            case Parallel.ENDED -> Parallel.isFailedChild(effect);
            default -> effect.status() == EffectStatus.FAILED;
        };
    }

    /** Children that ended with this run, or failed it: others are started in their place. */
    private Set<Integer> lostChildren(Set<RunId> known, Set<RunId> again) {
        var started = new HashMap<RunId, Integer>();
        for (Effect effect : journal) {
            var child = child(effect);
            if (child != null && !known.contains(child)) started.put(child, effect.ordinal());
        }
        var ended = earlier.ended(started.keySet());
        var lost = new TreeSet<Integer>();
        started.forEach((child, ordinal) -> {
            if (again.contains(child) || ended.get(child) != RunStatus.SUCCEEDED) lost.add(ordinal);
        });
        return lost;
    }

    /** The child that an effect started, unless it goes its own way. */
    private static @Nullable RunId child(Effect effect) {
        var child = effect.kind().equals(LiveJob.START) ? effect.value() : null;
        if (child == null || Notes.text(effect.request(), Notes.DETACHED) != null) return null;
        return RunId.parse(child.stored().replace("\"", ""));
    }
}
