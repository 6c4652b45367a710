package dev.pawl.exec;

import dev.pawl.core.Task;
import java.util.List;
import java.util.Set;

/**
 * Lets a commit hand the tasks it creates to the worker beside it: they are inserted as already claimed, which saves the
 * claim query, a second write and a poll.
 */
public interface HandOver {

    /** Nothing is handed over: for clients without a worker. */
    HandOver NONE = new HandOver() {
        @Override
        public List<Task> choose(List<Ledger> ledgers, int freed) {
            return List.of();
        }

        @Override
        public Set<String> limitedQueues() {
            return Set.of();
        }

        @Override
        public void limited(Set<String> queues) {}

        @Override
        public void giveBack(int chosen) {}

        @Override
        public void accept(List<Accepted> tasks, int freed) {}
    };

    /** A task that is now ours. */
    record Accepted(dev.pawl.core.Run run, Task task) {}

    /** Of the tasks that the ledgers create, those that this worker takes, as they will be when taken. */
    List<Task> choose(List<Ledger> ledgers, int freed);

    /** The queues that have limits, as far as is known here: a task that ends in one of them makes room for another. */
    Set<String> limitedQueues();

    /** A transaction found limits on these queues. */
    void limited(Set<String> queues);

    /** The transaction came to nothing: what was chosen is not ours. */
    void giveBack(int chosen);

    /** The transaction is durable: the chosen tasks are ours to run. The slots of the ended ones are free again. */
    void accept(List<Accepted> tasks, int freed);
}
