package dev.pawl.engine;

import dev.pawl.core.Event;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import java.util.List;
import java.util.Map;

/** What somebody who follows a run has missed. */
public sealed interface CaughtUp {

    /** What comes next: without gaps, in order, and perhaps not all that there is. */
    List<Event> events();

    /** The number of the last event that they know afterwards; the next call asks for what is after this. */
    int seq();

    /**
     * Nothing was lost.
     *
     * @param events the first comes right after the last that they knew
     */
    record Missed(List<Event> events, int seq) implements CaughtUp {
        public Missed {
            events = List.copyOf(events);
        }
    }

    /**
     * Some of what they missed is not there any more. This takes the place of all that they know; what is not in it is over.
     * All of it, but the events, was true at one and the same moment.
     *
     * @param run the run; its {@code seq} is the number of the last event of which this tells
     * @param open the tasks that are not over, in the order of name and index, as many as were asked for
     * @param tasks how many tasks of each name have which status; of those that are over, only what was not trimmed
     * @param messages how many messages of each topic, and of each kind of signal, have which status
     * @param events what came after that moment
     */
    record Snapshot(
            RunDetails run,
            List<TaskDetails> open,
            Map<String, Map<TaskStatus, Integer>> tasks,
            Map<String, Map<MessageStatus, Integer>> messages,
            List<Event> events)
            implements CaughtUp {
        public Snapshot {
            open = List.copyOf(open);
            tasks = Map.copyOf(tasks);
            messages = Map.copyOf(messages);
            events = List.copyOf(events);
        }

        @Override
        public int seq() {
            return events.isEmpty() ? run.run().seq() : events.getLast().seq();
        }
    }
}
