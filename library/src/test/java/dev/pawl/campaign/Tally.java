package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the outside world saw, in numbers.
 *
 * @param begun attempts that began
 * @param cutOff attempts of which nothing more was heard
 * @param twice effects that were applied more than once
 */
record Tally(int begun, int cutOff, int twice) {

    static Tally of(List<LedgerEntry> ledger) {
        var begun = attempts(ledger, What.BEGIN);
        var cutOff = new HashSet<>(begun);
        cutOff.removeAll(attempts(ledger, What.APPLY));
        cutOff.removeAll(attempts(ledger, What.FAIL));
        var once = new HashSet<String>();
        var twice = ledger.stream()
                .filter(entry -> entry.what() == What.APPLY)
                .map(entry -> entry.run() + " " + entry.effect())
                .filter(effect -> !once.add(effect))
                .collect(Collectors.toSet());
        return new Tally(begun.size(), cutOff.size(), twice.size());
    }

    private static Set<String> attempts(List<LedgerEntry> ledger, What what) {
        return ledger.stream()
                .filter(entry -> entry.what() == what)
                .map(entry -> entry.run() + " " + entry.effect() + " " + entry.attempt())
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return "%d attempts begun, %d cut off, %d effects applied more than once".formatted(begun, cutOff, twice);
    }
}
