package dev.pawl.campaign;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.engine.Pawl;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the journals of a job's tasks say, read one after the other. */
final class Journals {

    private static final Pattern UNTIL = Pattern.compile("\"until\":(\\d+)");

    final List<RunFacts.Done> done = new ArrayList<>();
    final List<Mark> shown = new ArrayList<>();
    final List<String> transacted = new ArrayList<>();
    final List<String> received = new ArrayList<>();
    final List<String> undos = new ArrayList<>();
    final List<RunFacts.Nap> naps = new ArrayList<>();

    private final Pawl pawl;

    Journals(Pawl pawl) {
        this.pawl = pawl;
    }

    void read(TaskKey task) {
        long until = 0;
        for (Effect effect : pawl.journal(task)) {
            if (effect.ordinal() < 0 || effect.status() != EffectStatus.APPLIED) continue;
            String name = task.label() + "/" + effect.name();
            if (until > 0) naps.add(new RunFacts.Nap(name, until, effect.at()));
            until = effect.kind().equals("sleep") ? until(effect) : 0;
            switch (effect.kind()) {
                case "call" -> done(name, effect, effect.attempt());
                // The one who asked and was told that it had happened is not the one who did it.
                case "once" -> done(name, effect, marks(effect).getFirst().attempt());
                case "transact" -> transacted.add(name);
                case "await" -> received.add(text(effect));
                case "compensate" -> undos.add(effect.name());
                default -> {}
            }
        }
    }

    private void done(String name, Effect effect, int attempt) {
        done.add(new RunFacts.Done(name, attempt, effect.at()));
        shown.addAll(marks(effect));
    }

    private List<Mark> marks(Effect effect) {
        return effect.value() == null ? List.of() : Facts.marks(pawl.load(effect.value()));
    }

    private String text(Effect effect) {
        return effect.value() == null ? "" : Facts.text(pawl.load(effect.value()));
    }

    private static long until(Effect sleep) {
        var until = UNTIL.matcher(String.valueOf(sleep.request()));
        if (!until.find()) throw new IllegalStateException("A sleep without an end: " + sleep);
        return Long.parseLong(until.group(1));
    }
}
