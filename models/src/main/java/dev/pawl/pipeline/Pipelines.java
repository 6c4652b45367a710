package dev.pawl.pipeline;

import dev.pawl.core.Input;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.json.Codec;
import dev.pawl.spi.Runs;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a database: {@code Pipelines.of(pawl).start(INTAKE)}. Each is a run, so everything that works on runs works
 * on it: pause, resume, cancel, events. Thread-safe.
 */
public final class Pipelines {

    private static final Codec CODEC = Codec.STANDARD;

    /** So many inputs are looked at at a time. */
    private static final int PAGE = 500;

    private final Runs runs;
    private final String actor;

    private Pipelines(Runs runs, String actor) {
        this.runs = runs;
        this.actor = actor;
    }

    /** The pipelines of the database of an open Pawl. */
    public static Pipelines of(Runs pawl) {
        return new Pipelines(pawl, "");
    }

    /** The same, saying in the history who asks. */
    public Pipelines by(String who) {
        return new Pipelines(runs, who);
    }

    // ---- versions -------------------------------------------------------------------------------------------------

    /**
     * Sees to it that the pipeline goes on for ever, in this version: starts it if it is not there, and takes it over from
     * an older version at the next activation. What that one has reserved or changed is gone on with; if it was blocked
     * because its code failed, it goes on. A version that was replaced before does not take over again: an old process that
     * is started once more must not undo a deployment; see {@link #goBack}.
     *
     * @return its run
     * @throws RuntimeException if this Pawl was not given the pipeline, or it cannot take over; the message says why
     */
    public RunId start(Pipeline pipeline) {
        return start(pipeline, false);
    }

    /** The same for a version that was replaced before. */
    public RunId goBack(Pipeline pipeline) {
        return start(pipeline, true);
    }

    private RunId start(Pipeline pipeline, boolean back) {
        while (true) {
            var there = runs.inSlot(pipeline.name());
            if (there.isPresent()) {
                var run = there.get();
                if (runs.takeOver(run, pipeline, back, actor, "version " + pipeline.version())) return run.id();
                boolean same = runs.inSlot(pipeline.name())
                        .filter(now -> now.run().definition() == run.run().definition())
                        .isPresent();
                if (same) return run.id(); // it was replaced before; else somebody else deployed, so look again
                continue;
            }
            var begun = runs.submitInSlot(pipeline, Json.NULL, Priority.NORMAL, actor);
            if (begun.isPresent()) return begun.get(); // else somebody was faster
        }
    }

    /**
     * Takes over with a repaired version, if the one that it repairs is still in charge: so that a repair that was long in
     * the making does not replace what somebody has deployed meanwhile.
     *
     * @param repaired the version that the repair was made from
     * @return whether the repair is in charge now
     * @throws PipelineRefused if the pipeline was not started
     */
    public boolean repair(Pipeline pipeline, String repaired) {
        var run = details(pipeline.name());
        if (!run.version().equals(repaired)) return false;
        return runs.takeOver(run, pipeline, true, actor, "repair of version " + repaired);
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /**
     * Publishes a message from outside; it is durable on return. It is an input of its own.
     *
     * @return whether it is new: not if its topic has one with this id, whose payload is replaced unless it is consumed
     * @throws PipelineRefused if the pipeline was not started, or none of its consumers reads the topic
     */
    public <T> boolean publish(Pipeline pipeline, Topic<T> topic, String id, T payload) {
        return publish(pipeline, topic, Map.of(id, payload)) > 0;
    }

    /**
     * The same for many messages, by their ids, in the order of the map.
     *
     * @return how many are new
     */
    public <T> int publish(Pipeline pipeline, Topic<T> topic, Map<String, T> payloads) {
        var run = details(pipeline.name()).id();
        if (!pipeline.blueprint().topics().contains(topic.name())) {
            throw PipelineRefused.noSuchTopic(pipeline, topic.name());
        }
        var messages = new ArrayList<Plan.Publication>();
        payloads.forEach((id, payload) -> {
            String what = "Message \"" + id + "\" of topic \"" + topic + '"';
            var kept = runs.keep(run, what, CODEC.write(payload, topic.type(), what));
            messages.add(new Plan.Publication(topic.name(), id, kept, List.of(outside(topic.name(), id))));
        });
        return runs.publish(run, messages, actor);
    }

    /** The same for a pipeline whose code is not at hand. */
    public boolean publish(String pipeline, String topic, String id, Json payload) {
        var run = details(slot(pipeline)).id();
        var kept = runs.keep(run, "Message \"" + id + "\" of topic \"" + topic + '"', payload);
        return runs.publish(run, List.of(new Plan.Publication(topic, id, kept, List.of(outside(topic, id)))), actor)
                > 0;
    }

    private static Input outside(String topic, String id) {
        return new Input("outside", topic, id, "");
    }

    /**
     * Runs producers now, whatever their schedule; one that is running runs once more afterwards.
     *
     * @param producers their names; none for all
     * @throws PipelineRefused if the pipeline was not started, or has no such producer
     */
    public void run(String pipeline, String... producers) {
        var run = details(slot(pipeline));
        var all = info(run, Map.of()).producers();
        var wanted = producers.length == 0 ? all : List.of(producers);
        for (String name : wanted) {
            if (!all.contains(name)) throw PipelineRefused.noSuchProducer(pipeline, name, all);
        }
        for (String name : wanted) {
            boolean unused = runs.signal(run.id(), Handler.Producer.RUN + name, Json.NULL, null, actor);
        }
    }

    /** Messages of a pipeline, oldest first; see {@link Store.MessageFilter}. */
    public List<Message> messages(Store.MessageFilter filter) {
        return runs.messages(filter);
    }

    // ---- inputs ---------------------------------------------------------------------------------------------------

    /**
     * What its messages come from, in the order in which it was seen, with how far that has come.
     *
     * @param after only those with a greater number, for paging; 0 for the first
     */
    public List<InputDetails> inputs(String pipeline, int after, int limit) {
        return runs.inputs(details(slot(pipeline)).id(), after, limit);
    }

    /**
     * Inputs that were registered so long ago and that something is left to be done for, oldest first: what people should
     * look at. It passes over all that are done, a page at a time.
     *
     * @param after only those with a greater number, for paging; 0 for the first
     */
    public List<InputDetails> stale(String pipeline, Duration olderThan, int after, int limit) {
        var run = details(slot(pipeline)).id();
        long before = runs.now() - olderThan.toMillis();
        var found = new ArrayList<InputDetails>();
        int last = after;
        while (found.size() < limit) {
            var page = runs.inputs(run, last, PAGE);
            for (var input : page) {
                // in the order of their numbers they are in the order of time
                if (input.at() > before || found.size() == limit) return found;
                if (input.isPending()) found.add(input);
            }
            if (page.size() < PAGE) return found;
            last = page.getLast().number();
        }
        return found;
    }

    /** What a message comes from, through any number of consumers. */
    public List<InputDetails> inputsOf(Message message) {
        return runs.inputsOf(message.run(), message.seq());
    }

    /** What an input has caused, through any number of consumers. */
    public List<Message> messagesOf(String pipeline, int input) {
        return runs.messagesOf(details(slot(pipeline)).id(), input);
    }

    // ---- looking --------------------------------------------------------------------------------------------------

    /**
     * A pipeline.
     *
     * @throws PipelineRefused if none of this name was started
     */
    public PipelineInfo get(String name) {
        return find(name).orElseThrow(() -> PipelineRefused.noSuchPipeline(name));
    }

    /** A pipeline, if one of this name was started and not cancelled. */
    public Optional<PipelineInfo> find(String name) {
        return runs.inSlot(slot(name)).map(this::info);
    }

    /**
     * The pipelines that go on, in the order of their names.
     *
     * @param after only those behind this name, for paging; null for the first
     */
    public List<PipelineInfo> list(@Nullable String after, int limit) {
        var from = after == null ? null : slot(after);
        return runs.inSlots(Pipeline.PREFIX, from, limit).stream()
                .map(this::info)
                .toList();
    }

    private static String slot(String name) {
        return name.startsWith(Pipeline.PREFIX) ? name : Pipeline.PREFIX + name;
    }

    private RunDetails details(String slot) {
        return runs.inSlot(slot)
                .orElseThrow(() -> PipelineRefused.noSuchPipeline(slot.substring(Pipeline.PREFIX.length())));
    }

    /** Counts its messages, which takes the longer the more there ever were. */
    private PipelineInfo info(RunDetails run) {
        return info(run, runs.messageCounts(run.id()));
    }

    private static PipelineInfo info(RunDetails run, Map<String, Map<MessageStatus, Integer>> messages) {
        return PipelineInfo.of(run, PipelineState.read(run.run().state()), messages);
    }
}
