package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.tape.Notes;
import dev.pawl.tape.Steps;
import dev.pawl.tape.Tape;
import dev.pawl.tape.Thrown;
import dev.pawl.tape.Unwinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several things at once, recorded so that a replay takes the same way: each branch has its own position, given in the
 * order in which the branches stand, and who won is recorded before anything follows from it.
 */
final class Parallel {

    /** How often children are looked at while calls of the same race still run. */
    private static final long LOOK_MILLIS = 100;

    /** How often a child is looked at whose end nobody announces here: another run started it. */
    private static final long LOOK_AT_ADOPTED_MILLIS = 10_000;

    static final String ANY = "any";
    static final String RACE = "race";
    static final String ENDED = "ended";

    private final Set<RunId> adopted = new HashSet<>();
    private final Tape tape;
    private final Journal journal;
    private final Thrown thrown;
    private final Steps steps;

    Parallel(Tape tape, Thrown thrown, Steps steps) {
        this.tape = tape;
        this.journal = tape.journal();
        this.thrown = thrown;
        this.steps = steps;
    }

    /** A branch at its position. */
    private static final class Lane {
        final Branch<?> branch;
        Tape.Place place;

        Lane(Branch<?> branch, Tape.Place place) {
            this.branch = branch;
            this.place = place;
        }

        boolean ended() {
            return place.is(EffectStatus.APPLIED) || place.is(EffectStatus.FAILED);
        }
    }

    Tape.Place placeOf(Child<?> child) {
        return tape.next(ENDED, child.program().name());
    }

    private Tape.Place placeOf(Branch<?> branch) {
        return switch (branch) {
            case Branch.Call<?> call -> tape.begin("call", call.name(), null);
            case Child<?> child -> placeOf(child);
        };
    }

    // ---- all ------------------------------------------------------------------------------------------------------

    <T> List<T> all(List<? extends Branch<? extends T>> branches) throws Exception {
        var lanes = new ArrayList<Lane>();
        for (var branch : branches) lanes.add(new Lane(branch, placeOf(branch)));
        if (!lanes.stream().allMatch(Lane::ended)) goOn(lanes);
        var values = new ArrayList<T>();
        for (var lane : lanes) {
            @SuppressWarnings("unchecked")
            var branch = (Branch<? extends T>) lane.branch;
            values.add(outcome(branch, lane.place, lanes.getFirst().place.ordinal(), lanes.size()));
        }
        return values;
    }

    private void goOn(List<Lane> lanes) throws Exception {
        steps.settle();
        long wakeAt = Result.NEVER;
        try (var calls = new Calls(lanes)) {
            while (calls.running > 0) {
                var ended = calls.next(Integer.MAX_VALUE);
                if (ended != null) wakeAt = Math.min(wakeAt, take(ended));
                if (calls.running > 0) secure();
            }
        }
        wakeAt = Math.min(wakeAt, retriesOf(lanes));
        lookAtChildren(lanes);
        if (lanes.stream().allMatch(Lane::ended)) return;
        for (var lane : lanes) {
            if (lane.branch instanceof Child<?> && lane.place.recorded() == null) {
                record(lane, lane.place.with(EffectStatus.BEGUN, null, null, null));
            }
        }
        throw tape.doomed(new Unwinding.Parked(Math.min(wakeAt, lookAgain(openChildren(lanes)))));
    }

    /** Notes a try; answers when the next is due if there is one. */
    private long take(Call ended) throws Exception {
        var tried = ended.tried;
        if (tried == null) throw new IllegalStateException("A branch ended without an end.");
        var recording = tried.recording();
        if (recording != null) record(ended.lane, recording);
        boolean goesOn = recording != null && (recording.status() != EffectStatus.BEGUN || tried.retryAt() > 0);
        if (!goesOn) steps.<Object, Exception>outcome(castTried(tried));
        return tried.retryAt() > 0 ? tried.retryAt() : Result.NEVER;
    }

    /** Others may go on for long, and what was recorded should not wait for them. A pause does, though. */
    private void secure() throws InterruptedException {
        try {
            journal.settle();
        } catch (Journal.Superseded held) {
            // it is written at the end of the attempt, or by nobody
        }
    }

    @SuppressWarnings("unchecked")
    private static Steps.Tried<Object> castTried(Steps.Tried<?> tried) {
        return (Steps.Tried<Object>) tried;
    }

    private static long retriesOf(List<Lane> lanes) {
        long first = Result.NEVER;
        for (var lane : lanes) {
            if (!lane.ended()) first = Math.min(first, Notes.number(lane.place.notes(), Notes.UNTIL, Result.NEVER));
        }
        return first;
    }

    private void record(Lane lane, Journal.Recording recording) {
        journal.record(recording);
        lane.place = lane.place.after(recording);
    }

    // ---- the first ------------------------------------------------------------------------------------------------

    /** @param successes whether only a branch that succeeds can win, as long as one may */
    <T> T first(String kind, List<? extends Branch<? extends T>> branches, boolean successes) throws Exception {
        if (branches.isEmpty()) throw new IllegalArgumentException("job." + kind + " needs at least one branch.");
        var decision = tape.next(kind, "");
        if (decision.is(EffectStatus.APPLIED)) {
            long raced = Notes.number(decision.notes(), Notes.BRANCHES, branches.size());
            if (raced != branches.size()) {
                throw tape.diverged(decision.ordinal(), of(kind, branches.size()), of(kind, raced));
            }
            int winner = (int) Notes.number(decision.notes(), Notes.WINNER, 0);
            tape.skip(winner);
            var place = placeOf(branches.get(winner));
            tape.skip(branches.size() - winner - 1);
            return outcome(branches.get(winner), place, decision.ordinal(), branches.size() + 1);
        }
        var lanes = new ArrayList<Lane>();
        for (var branch : branches) lanes.add(new Lane(branch, placeOf(branch)));
        int winner = winner(lanes, successes);
        if (winner < 0) winner = contest(lanes, successes);
        var notes = new Notes().with(Notes.WINNER, winner).with(Notes.BRANCHES, lanes.size());
        journal.record(decision.applied(notes, null));
        openChildren(lanes).forEach(journal::cancel); // nobody waits for these any more
        return outcome(branches.get(winner), lanes.get(winner).place, decision.ordinal(), lanes.size() + 1);
    }

    private static String of(String kind, long branches) {
        return kind + " of " + branches + " branches";
    }

    private static List<RunId> openChildren(List<Lane> lanes) {
        var open = new ArrayList<RunId>();
        for (var lane : lanes) {
            if (lane.branch instanceof Child<?> child && !lane.ended()) open.add(child.run());
        }
        return open;
    }

    private int contest(List<Lane> lanes, boolean successes) throws Exception {
        steps.settle();
        long wakeAt = Result.NEVER;
        try (var calls = new Calls(lanes)) {
            while (true) {
                lookAtChildren(lanes);
                int winner = winner(lanes, successes);
                if (winner >= 0) return winner;
                if (calls.running == 0) break;
                boolean watching = lanes.stream().anyMatch(lane -> lane.branch instanceof Child<?> && !lane.ended());
                var ended = calls.next(watching ? LOOK_MILLIS : Integer.MAX_VALUE);
                if (ended != null) wakeAt = Math.min(wakeAt, take(ended));
                if (ended != null && calls.running > 0) secure();
            }
        }
        wakeAt = Math.min(wakeAt, retriesOf(lanes));
        throw tape.doomed(new Unwinding.Parked(Math.min(wakeAt, lookAgain(openChildren(lanes)))));
    }

    /** Who has won by what is recorded, or -1. */
    private static int winner(List<Lane> lanes, boolean successes) {
        int last = -1;
        for (int i = 0; i < lanes.size(); i++) {
            var place = lanes.get(i).place;
            if (!lanes.get(i).ended()) continue;
            if (!successes || (place.is(EffectStatus.APPLIED) && !isFailedChild(place))) return i;
            last = i;
        }
        return lanes.stream().allMatch(Lane::ended) ? last : -1;
    }

    private static boolean isFailedChild(Tape.Place place) {
        return place.recorded() != null && isFailedChild(place.recorded());
    }

    static boolean isFailedChild(Effect end) {
        String status = Notes.text(end.request(), Notes.STATUS);
        return status != null && !status.equals(RunStatus.SUCCEEDED.name());
    }

    // ---- calls ----------------------------------------------------------------------------------------------------

    private static final class Call {
        final Lane lane;
        Steps.@Nullable Tried<?> tried;

        Call(Lane lane) {
            this.lane = lane;
        }
    }

    /** The calls among the branches, each on a thread of its own; closing stops those that still run. */
    private final class Calls implements AutoCloseable {
        private final BlockingQueue<Call> ended = new LinkedBlockingQueue<>();
        private final List<Thread> threads = new ArrayList<>();
        int running;

        Calls(List<Lane> lanes) {
            for (var lane : lanes) {
                if (!(lane.branch instanceof Branch.Call<?> call) || lane.ended()) continue;
                if (Notes.number(lane.place.notes(), Notes.UNTIL, 0) > journal.now()) continue;
                running++;
                threads.add(start(lane, call));
            }
        }

        private <T> Thread start(Lane lane, Branch.Call<T> call) {
            var one = new Call(lane);
            return Thread.ofVirtual().name("pawl-branch-" + call.name()).start(() -> {
                one.tried = steps.attempt(lane.place, call.type(), call.retry(), call.action());
                ended.add(one);
            });
        }

        /** The next call that ends, or null if none does in time. */
        @Nullable
        Call next(long millis) throws InterruptedException {
            var call = ended.poll(millis, TimeUnit.MILLISECONDS);
            if (call != null) running--;
            return call;
        }

        @Override
        public void close() {
            threads.forEach(Thread::interrupt);
        }
    }

    // ---- children -------------------------------------------------------------------------------------------------

    private void lookAtChildren(List<Lane> lanes) {
        Map<RunId, Lane> open = new HashMap<>();
        for (var lane : lanes) {
            if (lane.branch instanceof Child<?> child && !lane.ended()) open.put(child.run(), lane);
        }
        journal.ended(open.keySet()).forEach((run, how) -> {
            var lane = open.get(run);
            if (lane != null) lane.place = recordEnd(lane.place, run, how);
        });
    }

    /** A child that another run started, from which this one goes on. */
    void adopt(RunId child) {
        adopted.add(child);
    }

    /** When to look at children again, even if nobody says anything. */
    long lookAgain(List<RunId> open) {
        return open.stream().anyMatch(adopted::contains) ? journal.now() + LOOK_AT_ADOPTED_MILLIS : Result.NEVER;
    }

    Tape.Place recordEnd(Tape.Place place, RunId child, Journal.Ended how) {
        var notes = new Notes().with(Notes.STATUS, how.status().name()).with(Notes.CHILD, child.toString());
        Payload output = how.output() == null ? null : journal.payload("The output of a child", how.output());
        var problem = how.problem() == null ? null : Problem.parse(how.problem());
        var recording = place.with(EffectStatus.APPLIED, notes, output, problem);
        journal.record(recording);
        return place.after(recording);
    }

    <O> O outputOf(Child<O> child, Tape.Place place) {
        var recorded = place.recorded();
        if (recorded == null) throw new IllegalStateException("Run " + child.run() + " has not ended.");
        if (isFailedChild(place)) {
            String status = String.valueOf(Notes.text(place.notes(), Notes.STATUS));
            throw thrown.known(
                    new ChildFailed(child.run(), child.program().name(), RunStatus.valueOf(status), recorded.problem()),
                    String.valueOf(place.ordinal()));
        }
        return child.program().decode(recorded.value() == null ? Json.NULL : journal.load(recorded.value()));
    }

    /**
     * What a branch gave back, or throws what it threw.
     *
     * @param from the first of the positions that are done over for another outcome of all the branches together
     * @param count how many these are
     */
    private <T> T outcome(Branch<T> branch, Tape.Place place, int from, int count) throws Exception {
        try {
            return outcome(branch, place);
        } catch (Exception failed) {
            String all = IntStream.range(from, from + count)
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(","));
            throw thrown.known(failed, all);
        }
    }

    private <T> T outcome(Branch<T> branch, Tape.Place place) throws Exception {
        return switch (branch) {
            case Child<T> child -> outputOf(child, place);
            case Branch.Call<T> call -> {
                if (place.is(EffectStatus.FAILED)) throw steps.again(place);
                yield steps.value(place, call.type());
            }
        };
    }
}
