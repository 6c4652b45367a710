package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Verification;
import dev.pawl.tape.Tape;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Moments, effects and what does not fit, as lines for people and as documents for machines. */
final class TravelText {

    private static final int HASH_SHOWN = 16;
    private static final int VALUE_SHOWN = 120;

    private final Screen screen;
    private final History history;

    TravelText(Screen screen, History history) {
        this.screen = screen;
        this.history = history;
    }

    // ---- lines ----------------------------------------------------------------------------------------------------

    void print(Moment moment, List<Effect> effects) {
        var style = screen.style();
        // A moment that is one effect needs no line of its own for it.
        boolean told = effects.size() == 1 && moment.what().contains(label(effects.getFirst()));
        String next = moment.next() != null
                ? "  " + moment.next()
                : told ? "  " + Text.cut(remark(effects.getFirst()), VALUE_SHOWN) : "";
        String line = "%s  %s  %s%s"
                .formatted(
                        style.faint("%4d".formatted(moment.number())),
                        style.bold(moment.what()),
                        style.faint(moment.hash().substring(0, HASH_SHOWN)),
                        next);
        screen.print(line.stripTrailing());
        if (!told) print(effects);
    }

    void print(List<Effect> effects) {
        for (Effect effect : effects) {
            String line = "      %3d  %s  %s".formatted(effect.ordinal(), label(effect), effect.status());
            int room = Math.max(20, Math.min(VALUE_SHOWN, screen.width() - line.length() - 2));
            screen.print((line + "  " + Text.cut(remark(effect), room)).stripTrailing());
        }
    }

    private static String label(Effect effect) {
        return Tape.label(effect.kind(), effect.name());
    }

    private String remark(Effect effect) {
        if (effect.problem() != null) return Trouble.problem(effect.problem());
        if (effect.value() == null) return "";
        if (effect.value().isArtifact()) return "(large)";
        return history.load(effect.value()).text();
    }

    void print(Divergence divergence) {
        var style = screen.style();
        screen.print(style.bad("Divergence") + " at " + divergence.moment()
                + (divergence.task().isEmpty() ? "" : " in " + divergence.task())
                + (divergence.position() == null ? "" : ", position " + divergence.position()) + ", "
                + divergence.type());
        screen.print("  " + divergence.message());
        if (divergence.recorded() != null || divergence.now() != null) {
            screen.print("  recorded " + hash(divergence.recorded()));
            screen.print("  now      " + hash(divergence.now()));
        }
        divergence.differences().forEach(difference -> screen.print("  - " + difference));
    }

    private static String hash(@org.jspecify.annotations.Nullable String hash) {
        return hash == null ? "nothing" : hash;
    }

    // ---- documents ------------------------------------------------------------------------------------------------

    ObjectNode head() {
        var run = history.details();
        return JsonText.object()
                .put("run", run.id().toString())
                .put("program", run.program())
                .put("version", run.version())
                .put("status", run.status().name());
    }

    ObjectNode document(Moment moment, List<Effect> effects) {
        var document = JsonText.object()
                .put("number", moment.number())
                .put("what", moment.what())
                .put("task", moment.task())
                .put("hash", moment.hash())
                .put("next", moment.next());
        var all = document.putArray("effects");
        effects.forEach(effect -> all.add(document(effect)));
        return document;
    }

    private ObjectNode document(Effect effect) {
        var document = JsonText.object()
                .put("ordinal", effect.ordinal())
                .put("kind", effect.kind())
                .put("name", effect.name())
                .put("status", effect.status().name());
        document.set("request", RunDocument.tree(effect.request()));
        document.set("value", RunDocument.tree(effect.value() == null ? null : history.load(effect.value())));
        document.set("problem", RunDocument.tree(effect.problem()));
        return document;
    }

    static ObjectNode document(Divergence divergence) {
        var document = JsonText.object()
                .put("moment", divergence.moment())
                .put("task", divergence.task())
                .put("position", divergence.position())
                .put("type", divergence.type())
                .put("recorded", divergence.recorded())
                .put("now", divergence.now());
        var differences = document.putArray("differences");
        divergence.differences().forEach(differences::add);
        return document.put("message", divergence.message());
    }

    ObjectNode document(Verification verification) {
        var document = head().put("holds", verification.holds())
                .put("moments", verification.moments())
                .put("seal", verification.seal());
        var flaws = document.putArray("flaws");
        verification.flaws().forEach(flaws::add);
        var remarks = document.putArray("remarks");
        verification.remarks().forEach(remarks::add);
        return document;
    }
}
