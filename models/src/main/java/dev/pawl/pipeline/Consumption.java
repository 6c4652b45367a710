package dev.pawl.pipeline;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import dev.pawl.tape.Tape;
import dev.pawl.tape.Unwinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An activation of a consumer. Its journal has two places: what was prepared, and the change. What is reserved and what is
 * prepared is one record; so are consuming, remembering, publishing and the next activation.
 */
final class Consumption<M, P, R> extends Activation {

    private static final Codec CODEC = Codec.STANDARD;

    private final Handler.Consumer<M, P, R> consumer;
    private final Tape tape;
    private final @Nullable Json memory;
    private final Looking.Open looking = new Looking.Open();

    Consumption(Handler.Consumer<M, P, R> consumer, Pipeline pipeline, Claimed task, Journal journal) {
        super(pipeline, task, journal);
        this.consumer = consumer;
        this.tape = new Tape(pipeline.toString(), task, journal);
        this.memory = memory();
    }

    /**
     * What was prepared.
     *
     * @param data as JSON; null if there is nothing to do
     * @param reserved the messages, by number
     * @param wakeAt when to prepare again at the latest, in epoch milliseconds
     * @param version of the pipeline that prepared it
     */
    private record Work(
            @Nullable Json data, List<Integer> reserved, boolean mutates, String title, long wakeAt, String version) {}

    @Override
    Result work() throws Exception {
        var place = tape.next("prepare", consumer.name());
        var work = place.is(EffectStatus.APPLIED) ? recorded(place) : prepare(place);
        boolean untouched = !work.mutates() || Mutating.isUntouched(journal.at(tape.position()));
        if (untouched && !work.version().equals(pipeline.version())) return letGo(work);
        try {
            return follow(work, outcome(work));
        } catch (Mutating.Refused failed) {
            return failed.result(work.reserved());
        } catch (Unwinding.Parked until) {
            return new Result.Parked(until.until(), null, false);
        } catch (Failure.ApprovalWanted wanted) {
            journal.save(); // what was prepared is kept while somebody decides
            throw wanted;
        }
    }

    // ---- prepare --------------------------------------------------------------------------------------------------

    private Work prepare(Tape.Place place) throws Exception {
        Prepared<P> prepared;
        try {
            prepared = consumer.prepare().run(new Looking<>(consumer, consumer.topic(), journal, memory, looking));
        } finally {
            looking.close();
        }
        if (prepared == null) {
            throw new Failure.Logic("The prepare of %s gave back null; for nothing to do, give back Prepared.nothing()."
                    .formatted(consumer.label()));
        }
        for (var message : prepared.messages()) requirePending(message);
        var reserved =
                prepared.messages().stream().map(Message::number).distinct().toList();
        boolean mutates = prepared.mutates() && consumer.change() != null;
        if (mutates && prepared.data() == null) {
            throw new Failure.Logic(
                    "The prepare of %s wants to change something and says nothing about it: its data is null."
                            .formatted(consumer.label()));
        }
        if (mutates && reserved.isEmpty()) {
            throw new Failure.Logic(
                    "The prepare of %s wants to change something for no message. A change is about at least one message; without one, give back Prepared.nothing()."
                            .formatted(consumer.label()));
        }
        var data = prepared.data() == null
                ? null
                : CODEC.write(prepared.data(), consumer.data(), "What " + consumer.label() + " prepared");
        var work = new Work(data, reserved, mutates, prepared.title(), wakeAt(prepared.wakeAt()), pipeline.version());
        if (!reserved.isEmpty()) {
            journal.reserve(record(place, work), reserved);
            if (!mutates) tape.settle();
        }
        return work;
    }

    /** Else it would be refused again and again: another one took it long ago, or it is not even of this pipeline. */
    private void requirePending(Message<?> message) {
        if (looking.sawPending(message)) return;
        throw new Failure.Logic(
                "The prepare of %s wants to reserve message \"%s\" of topic \"%s\" (number %d), which it did not see pending in this activation. Only what is pending can be reserved: take it from first() or peek(), and of what byIds finds only what is pending()."
                        .formatted(consumer.label(), message.id(), message.topic(), message.number()));
    }

    /** Within the limits of the pipeline; the history tells if it was moved. */
    private long wakeAt(@Nullable Instant wanted) {
        if (wanted == null) return Result.NEVER;
        var now = Instant.ofEpochMilli(journal.now());
        var time = pipeline.limits().wake(now, wanted);
        journal.note(
                "consumer.wake",
                new Json("{\"wanted\":\"" + wanted + "\",\"at\":" + time.toEpochMilli() + ",\"moved\":"
                        + !time.equals(wanted) + "}"));
        return time.toEpochMilli();
    }

    private static final TypeRef<Noted> RECORD = TypeRef.of(Noted.class);

    /** What is noted beside the prepared data. */
    private record Noted(List<Integer> reserved, boolean mutates, String title, long wakeAt, String version) {}

    private Journal.Recording record(Tape.Place place, Work work) {
        var record = new Noted(work.reserved(), work.mutates(), work.title(), work.wakeAt(), work.version());
        Payload value =
                work.data() == null ? null : journal.payload("What " + consumer.label() + " prepared", work.data());
        return new Journal.Recording(
                place.ordinal(),
                0,
                place.kind(),
                EffectStatus.APPLIED,
                place.name(),
                CODEC.write(record, RECORD, "What is noted of it"),
                value,
                null);
    }

    private Work recorded(Tape.Place place) {
        looking.close();
        var effect = place.recorded();
        if (effect == null || effect.request() == null)
            throw new IllegalStateException("Nothing is recorded: " + place);
        var record = CODEC.read(effect.request(), RECORD, "What is noted of it");
        var data = effect.value() == null ? null : journal.load(effect.value());
        return new Work(data, record.reserved(), record.mutates(), record.title(), record.wakeAt(), record.version());
    }

    /** Another version prepared this and changed nothing yet; ours prepares it anew. */
    private Result letGo(Work work) {
        var problem = Problem.of(
                dev.pawl.core.FailureClass.TRANSIENT,
                "NewVersion",
                "It was prepared by another version, and nothing was changed yet; version " + pipeline.version()
                        + " prepares it anew.");
        return new Result.Failed(
                problem, Retried.afresh(work.reserved(), false, 0).facts());
    }

    // ---- mutate ---------------------------------------------------------------------------------------------------

    private Outcome<R> outcome(Work work) throws Exception {
        if (!work.mutates() || work.data() == null) return new Outcome.None<>();
        // A version that changes nothing any more goes on from what another one may have changed.
        var change = consumer.change() == null ? Handler.Change.<P, R>noMore() : consumer.change();
        return new Mutating<>(consumer, change, task, journal, tape).outcome(data(work), work.data(), work.title());
    }

    private P data(Work work) {
        return CODEC.read(
                work.data() == null ? Json.NULL : work.data(),
                consumer.data(),
                "What " + consumer.label() + " prepared");
    }

    // ---- next -----------------------------------------------------------------------------------------------------

    private Result follow(Work work, Outcome<R> outcome) throws Exception {
        var out = new Publishing(pipeline, consumer, journal);
        var then = new Then(out);
        if (consumer.next() != null) {
            try {
                consumer.next().run(then, dataOrNull(work), outcome);
            } finally {
                out.close();
            }
        }
        boolean reserved = !work.reserved().isEmpty();
        var changes = new ArrayList<Plan.Change>();
        if (!out.messages().isEmpty())
            changes.add(new Plan.Publish(reserved ? consumer.name() : null, out.messages(), List.of()));
        if (reserved) {
            changes.add(new Plan.Dispose(
                    consumer.name(),
                    outcome.skipped() ? MessageStatus.SKIPPED : MessageStatus.CONSUMED,
                    work.reserved()));
        }
        changes.add(new Plan.Note("consumer.committed", task.key().label(), told(work, outcome)));
        // Having taken something, it looks again at what is left; having taken nothing, only at what has come since.
        changes.add(
                next(consumer, work.wakeAt(), reserved ? 0 : task.run().family().mail()));
        then.startRuns();
        return new Result.Done(then.memory(), -1, null, changes);
    }

    private static Json told(Work work, Outcome<?> outcome) {
        String words = switch (outcome) {
            case Outcome.Applied<?> ignored -> "APPLIED";
            case Outcome.None<?> ignored -> "NONE";
            case Outcome.Skipped<?> ignored -> "SKIPPED";
        };
        return new Json("{\"change\":\"" + words + '"'
                + (work.title().isEmpty() ? "" : ",\"title\":" + Json.quote(work.title())) + "}");
    }

    @SuppressWarnings("NullAway") // next is told that there was nothing to do by a null
    private P dataOrNull(Work work) {
        return work.data() == null ? null : data(work);
    }

    /** What the code that follows sees. */
    private final class Then implements Publisher {
        private final Publishing out;
        private final List<Journal.Start> starts = new ArrayList<>();
        private @Nullable Json after = memory;

        Then(Publishing out) {
            this.out = out;
        }

        @Override
        public <T> void publish(Topic<T> topic, String id, T payload) {
            out.publish(topic, id, payload, null);
        }

        @Override
        public <I> void start(TypedProgram<I, ?> program, I input) {
            out.requireOpen("start a run");
            starts.add(new Journal.Start(program, program.encode(input), null, true, Duration.ZERO, consumer.name()));
        }

        @Override
        public <S> Optional<S> remembered(Class<S> type) {
            return Looking.remembered(after, type, consumer);
        }

        @Override
        public void remember(Object value) {
            out.requireOpen("remember something");
            after = CODEC.write(value, TypeRef.of(Object.class), "What " + consumer.label() + " remembers");
        }

        Json memory() {
            return after == null ? Json.NULL : after;
        }

        /** Last of all: what can still go wrong must go wrong before. */
        void startRuns() {
            if (starts.isEmpty()) return;
            journal.payload("What " + consumer.label() + " remembers", memory());
            journal.start(starts);
        }
    }
}
