package dev.pawl.schedule;

import dev.pawl.core.Failure;
import dev.pawl.core.Message;
import dev.pawl.core.RunId;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a schedule's task: what people asked for and which runs have ended goes in, and runs to start, runs to cancel
 * and the next wake come out. What an attempt records is written even if it fails, so everything that can go wrong does
 * before anything is recorded: a turn counts as a whole, or is taken again as a whole.
 */
final class LiveSchedule {

    /** Of a flood of requests; the others have a turn of their own. */
    private static final int MOST_MESSAGES = 100;

    private static final Instant FAR_AWAY = Instant.ofEpochMilli(Result.NEVER);

    private final Program program;
    private final ScheduleMemory before;
    private final Journal journal;
    private final Instant now;

    private Schedule schedule;
    private @Nullable Schedule edited;
    private ScheduleState state;
    private final Map<String, RunId> runs;
    private ScheduleMemory.@Nullable Last last;
    private @Nullable String trouble;

    private final Map<String, Fire> fires = new LinkedHashMap<>();
    private final Map<String, Journal.Start> starts = new LinkedHashMap<>();
    private final List<RunId> unwanted = new ArrayList<>();

    LiveSchedule(Program program, Claimed task, Journal journal) {
        this.program = program;
        this.journal = journal;
        this.now = Instant.ofEpochMilli(journal.now());
        var run = task.run();
        this.before =
                ScheduleMemory.read(run.state(), Instant.ofEpochMilli(run.id().createdAt()));
        this.edited = before.edited();
        this.schedule = edited == null ? Schedule.read(task.outputs().input()) : edited;
        this.state = before.state();
        this.runs = new LinkedHashMap<>(before.runs());
        this.last = before.last();
    }

    Result turn() {
        var messages = journal.messages(null, MOST_MESSAGES);
        forgetEnded();
        var triggers = new ArrayList<Trigger>();
        for (Message message : messages) {
            switch (message.name()) {
                case ScheduleProgram.TRIGGER ->
                    triggers.add(new Trigger(String.valueOf(message.seq()), Instant.ofEpochMilli(message.at())));
                case ScheduleProgram.EDIT -> {
                    decide(triggers); // what is due at this moment fires as it was planned
                    triggers.clear();
                    edit(message);
                }
                default -> trouble = "It was sent the signal '" + message.name() + "', which it does not know.";
            }
        }
        var wake = decide(triggers);
        start();
        unwanted.forEach(journal::cancel);
        messages.forEach(journal::consume);
        return end(messages.size() == MOST_MESSAGES ? new Wake.At(now) : wake);
    }

    private void forgetEnded() {
        var open = journal.open(runs.values());
        var ended = runs.entrySet().stream()
                .filter(run -> !open.contains(run.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        state = state.ended(ended);
        runs.keySet().removeAll(ended);
    }

    private void edit(Message message) {
        try {
            var changed = Schedule.read(journal.load(message.payload()));
            if (!changed.name().equals(schedule.name()) || !program.name().equals(changed.program())) {
                throw Schedule.wrong(schedule.name(), "its name and its program for ever; add another one for others.");
            }
            state = state.edited(schedule, changed, now);
            schedule = changed;
            edited = changed;
        } catch (IllegalArgumentException | Failure.Logic wrong) {
            trouble = "It could not be changed: " + wrong.getMessage();
        }
    }

    private Wake decide(List<Trigger> triggers) {
        var decision = Decision.decide(schedule, state, now, List.copyOf(triggers));
        state = decision.state();
        for (String key : decision.cancel()) cancel(key);
        if (decision.start().isEmpty()) return decision.wake();
        var refusal = refusal();
        for (Fire fire : decision.start()) {
            if (refusal != null) {
                state = state.neverStarted(fire);
                trouble = refusal;
                continue;
            }
            fires.put(fire.key(), fire);
            starts.put(fire.key(), new Journal.Start(program, schedule.input(), null, true, Duration.ZERO, fire.key()));
        }
        return decision.wake();
    }

    private void cancel(String key) {
        var fire = fires.remove(key);
        if (fire != null) { // an edit came between, in this very turn
            starts.remove(key);
            state = state.neverStarted(fire);
            return;
        }
        var run = runs.remove(key);
        if (run != null) unwanted.add(run);
    }

    /** The code may have changed since the schedule was added. That must not end it: an edit or a deploy puts it right. */
    private @Nullable String refusal() {
        try {
            var unused = program.start(schedule.input());
            return null;
        } catch (Failure.Logic unfit) {
            return refused(unfit);
        }
    }

    private String refused(Failure.Logic why) {
        return "It could not start " + program.name() + ": " + why.getMessage();
    }

    private void start() {
        if (starts.isEmpty()) return;
        List<RunId> started;
        try {
            started = journal.start(List.copyOf(starts.values()));
        } catch (Failure.Logic tooLarge) {
            fires.values().forEach(fire -> state = state.neverStarted(fire));
            trouble = refused(tooLarge);
            return;
        }
        var ids = started.iterator();
        fires.forEach((key, fire) -> {
            var run = ids.next();
            runs.put(key, run);
            last = new ScheduleMemory.Last(fire.planned(), run);
        });
        runs.keySet().retainAll(state.open()); // of very many, the rules forget the oldest
    }

    private Result end(Wake wake) {
        boolean isWell = !Objects.equals(last, before.last()) || !Objects.equals(edited, before.edited());
        var stillWrong = isWell ? null : before.trouble();
        var memory = new ScheduleMemory(edited, state, runs, last, trouble == null ? stillWrong : trouble).toJson();
        return switch (wake) {
            case Wake.At(Instant time) ->
                new Result.Parked(time.isBefore(FAR_AWAY) ? time.toEpochMilli() : Result.NEVER, memory);
            case Wake.WhenAsked() -> new Result.Parked(Result.NEVER, memory);
            case Wake.Never() -> new Result.Done(memory, -1);
        };
    }
}
