package dev.pawl.exec;

import dev.pawl.core.Input;
import dev.pawl.core.Message;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes what a transaction does to the topics of its runs: a statement for each kind of change, however many runs there are. */
final class Post {

    private final Tx tx;
    private final long now;

    Post(Tx tx, long now) {
        this.tx = tx;
        this.now = now;
    }

    /** Answers whether somebody may be due for a message now. */
    boolean deliver(Collection<Ledger> ledgers) {
        var publishing = ledgers.stream()
                .filter(ledger -> !ledger.topics().messages().isEmpty())
                .toList();
        if (!publishing.isEmpty()) publish(publishing);
        tellCauses(ledgers);
        var disposals = ledgers.stream()
                .flatMap(ledger -> ledger.topics().disposals().stream())
                .toList();
        if (!disposals.isEmpty()) tx.dispose(disposals);
        listen(ledgers);
        var heard = ledgers.stream()
                .flatMap(ledger -> ledger.topics().heard().stream())
                .toList();
        if (!heard.isEmpty()) tx.wakeListeners(heard, now);
        return !heard.isEmpty();
    }

    private void publish(List<Ledger> ledgers) {
        var messages = new ArrayList<Message>();
        ledgers.forEach(ledger -> messages.addAll(ledger.topics().messages()));
        int[] numbers = tx.publish(messages);
        int at = 0;
        for (var ledger : ledgers) {
            var own = new ArrayList<Integer>();
            for (var unused : ledger.topics().messages()) own.add(numbers[at++]);
            ledger.topics().published(own);
        }
    }

    private void tellCauses(Collection<Ledger> ledgers) {
        var causes = new ArrayList<Tx.Cause>();
        var inheritances = new ArrayList<Tx.Inheritance>();
        for (var ledger : ledgers) {
            causes.addAll(ledger.topics().causes(registered(ledger)));
            inheritances.addAll(ledger.topics().inheritances());
        }
        if (!causes.isEmpty()) tx.caused(causes);
        if (!inheritances.isEmpty()) tx.inherited(inheritances);
    }

    private Map<Input, Integer> registered(Ledger ledger) {
        var known = new HashMap<Input, Integer>();
        var inputs = ledger.topics().inputs();
        if (inputs.isEmpty()) return known;
        int[] numbers = tx.register(ledger.id(), inputs, now);
        for (int i = 0; i < numbers.length; i++) known.put(inputs.get(i), numbers[i]);
        return known;
    }

    /** New tasks whose message is there already are due. */
    private void listen(Collection<Ledger> ledgers) {
        var listening =
                ledgers.stream().flatMap(ledger -> ledger.listening().stream()).toList();
        if (listening.isEmpty()) return;
        long[] since = tx.pendingSince(listening);
        int at = 0;
        for (var ledger : ledgers) {
            int count = ledger.listening().size();
            if (count == 0) continue;
            var own = new ArrayList<Long>();
            for (int i = 0; i < count; i++) own.add(since[at++]);
            ledger.pendingSince(own);
        }
    }
}
