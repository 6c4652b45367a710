package dev.pawl.exec;

import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What runs hear of the ends of their relatives. */
final class Notices {

    private final Tx tx;
    private final long now;

    Notices(Tx tx, long now) {
        this.tx = tx;
        this.now = now;
    }

    /**
     * What relatives hear of the runs that end here. Their rows are not locked, which would let lanes wait for each
     * other in a circle: each gets a task of its own, and inserting one waits for nobody.
     *
     * @param unwanted runs that their parents do not want any more
     */
    List<Task> of(Collection<Ledger> ledgers, Set<RunId> unwanted) {
        var notices = new ArrayList<Task>();
        var orphans = new ArrayList<Ledger>();
        var parents = new HashMap<RunId, Ledger>();
        for (Ledger ledger : ledgers) {
            if (!ledger.status().terminal()) continue;
            var family = ledger.family();
            if (family.parent() != null) parents.put(ledger.id(), ledger);
            if (ledger.isOrphaning()) orphans.add(ledger);
        }
        if (!parents.isEmpty()) {
            var found = tx.peek(parents.values().stream()
                    .map(ledger -> Objects.requireNonNull(ledger.family().parent()))
                    .collect(Collectors.toSet()));
            for (Ledger child : parents.values()) {
                var parent = found.get(child.family().parent());
                if (parent == null || parent.status().terminal()) continue;
                notices.add(notice(parent, TaskKey.CHILD, child.family().number()));
            }
        }
        if (!unwanted.isEmpty()) {
            for (Run child : tx.peek(unwanted).values()) {
                if (!child.status().terminal()) notices.add(notice(child, TaskKey.PARENT, 0));
            }
        }
        if (!orphans.isEmpty()) {
            for (Run child : tx.openChildren(orphans.stream().map(Ledger::id).toList())) {
                notices.add(notice(child, TaskKey.PARENT, 0));
            }
        }
        return notices;
    }

    private Task notice(Run to, String name, int index) {
        var key = new TaskKey(to.id(), name, index);
        return new Task(key, TaskStatus.READY, to.definition(), to.placement(), 0, 0, now, false, null);
    }
}
