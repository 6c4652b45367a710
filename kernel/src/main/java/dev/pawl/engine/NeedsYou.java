package dev.pawl.engine;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Event;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Approvals;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds what needs somebody. Looks at blocked runs and their newest events, a bounded number of each. */
final class NeedsYou {

    private static final int PAGE = 500;
    private static final int BLOCKED_LOOKED_AT = 20_000;

    /** Of paused runs only those count of which nobody knows something, and each has to be asked. */
    private static final int PAUSED_LOOKED_AT = 500;

    private static final int TRIES = 200;
    private static final int EVENTS_LOOKED_AT = 5_000;

    private final Store store;

    NeedsYou(Store store) {
        this.store = store;
    }

    /** @param after only runs that were created after this one; null for all */
    Inbox page(int limit, @Nullable RunId after) {
        var oldest = new TreeMap<RunId, RunDetails>();
        boolean more = false;
        for (var status : List.of(RunStatus.BLOCKED, RunStatus.PAUSED)) {
            more |= collect(status, limit, after, oldest);
        }
        var needs = new ArrayList<Need>();
        for (RunDetails run : oldest.values()) needs.addAll(of(run));
        needs.sort(Comparator.comparingLong(Need::since));
        return new Inbox(needs, more ? oldest.lastKey() : null);
    }

    /** Keeps the oldest; the store tells the newest first. Answers whether some had to be left out. */
    private boolean collect(
            RunStatus status, int limit, @Nullable RunId after, NavigableMap<RunId, RunDetails> oldest) {
        boolean dropped = false;
        RunId before = null;
        int most = status == RunStatus.BLOCKED ? BLOCKED_LOOKED_AT : PAUSED_LOOKED_AT;
        for (int seen = 0; seen < most; seen += PAGE) {
            var page = store.runs(new Store.RunFilter(status, null, before, PAGE));
            for (RunDetails run : page) {
                if (after != null && run.id().compareTo(after) <= 0) return dropped;
                if (status == RunStatus.PAUSED && store.undecided(run.id()).isEmpty()) continue;
                oldest.put(run.id(), run);
                if (oldest.size() <= limit) continue;
                oldest.pollLastEntry();
                dropped = true;
            }
            if (page.size() < PAGE) break;
            before = page.getLast().id();
        }
        return dropped;
    }

    /** What one run needs; nothing if it needs nobody. */
    List<Need> of(RunDetails run) {
        if (!run.status().held()) return List.of();
        var needs = new ArrayList<Need>();
        var undecided = store.undecided(run.id());
        boolean several = undecided.stream().filter(NeedsYou::isUnknown).count() > 1;
        for (Tx.NewEffect one : undecided) needs.add(isUnknown(one) ? change(run, one, several) : approval(run, one));
        var why = run.run().reason();
        if (run.status() == RunStatus.BLOCKED && why != null && needs.stream().noneMatch(need -> says(need, why))) {
            needs.add(hold(run, why, !needs.isEmpty()));
        }
        return needs;
    }

    private static boolean isUnknown(Tx.NewEffect one) {
        return one.effect().status() == EffectStatus.INDETERMINATE;
    }

    private static boolean says(Need need, Reason why) {
        return switch (need) {
            case Need.Change ignored -> why == Reason.INDETERMINATE;
            case Need.Approval ignored -> why == Reason.APPROVAL;
            case Need.Hold ignored -> true;
        };
    }

    private Need change(RunDetails run, Tx.NewEffect unknown, boolean several) {
        var effect = unknown.effect();
        var revisions = store.effects(unknown.task(), effect.ordinal(), TRIES).stream()
                .filter(each -> each.ordinal() == effect.ordinal())
                .toList();
        var title = JsonMember.text(effect.request(), "title");
        return new Need.Change(
                run,
                unknown.task(),
                effect.name(),
                title == null ? effect.name() : title,
                JsonMember.of(effect.request(), "request"),
                JsonMember.text(effect.request(), "key"),
                revisions.stream().map(NeedsYou::tried).toList(),
                asked(revisions),
                problem(JsonMember.of(effect.request(), "answer")),
                effect.at(),
                effect.mayBeAsked(),
                several);
    }

    private static Need.Try tried(Effect revision) {
        return new Need.Try(revision.at(), revision.status(), revision.attempt() == 0, problem(revision.problem()));
    }

    /** Pipelines count the questions, from one again whenever a person wants it; others ask once for each record of it. */
    private static int asked(List<Effect> revisions) {
        int counted = 0;
        int recorded = 0;
        int before = 0;
        for (Effect revision : revisions) {
            int number = JsonMember.number(revision.request(), "asked");
            if (number > 0 && number != before) counted++;
            before = number;
            if (revision.status() == EffectStatus.RECONCILING && revision.attempt() > 0) recorded++;
        }
        return counted > 0 ? counted : recorded;
    }

    private static Need approval(RunDetails run, Tx.NewEffect question) {
        var effect = question.effect();
        var problem = run.run().reason() == Reason.APPROVAL ? problem(run.problem()) : null;
        return new Need.Approval(
                run,
                question.task(),
                problem == null ? "Somebody has to approve \"" + effect.name() + "\"." : problem.message(),
                effect.name(),
                JsonMember.of(effect.request(), "request"),
                effect.at(),
                effect.kind().equals(Approvals.POLICY));
    }

    private Need hold(RunDetails run, Reason why, boolean also) {
        return new Need.Hold(
                run,
                why,
                problem(run.problem()),
                Release.of(why) + (also ? " What else it waits for has to be answered first." : ""),
                blockedSince(run),
                Release.commands(run, why));
    }

    private static @Nullable Problem problem(dev.pawl.core.@Nullable Json stored) {
        return stored == null ? null : Problem.parse(stored);
    }

    /** The newest event that says so; messages may have come since. */
    private long blockedSince(RunDetails run) {
        int last = run.run().seq();
        for (int end = last; end > 0 && end > last - EVENTS_LOOKED_AT; end -= PAGE) {
            int from = Math.max(0, end - PAGE);
            var found = store.events(run.id(), from, end - from).stream()
                    .filter(event -> event.kind().equals("run.blocked"))
                    .reduce((earlier, later) -> later)
                    .map(Event::at);
            if (found.isPresent()) return found.get();
        }
        return Objects.requireNonNullElse(run.run().startedAt(), run.createdAt());
    }
}
