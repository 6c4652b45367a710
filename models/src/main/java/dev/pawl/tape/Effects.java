package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import java.util.List;
import java.util.StringJoiner;

/** Effects as they are hashed: what was asked, and what came back; not when, how often, or by whom. */
public final class Effects {

    private static final String OF_NONE = ContentHash.of(new Json("[]"));

    private Effects() {}

    /** Of all of a journal but its places such as the checkpoint, in order. */
    public static String hash(List<Effect> effects) {
        var all = new StringJoiner(",", "[", "]");
        for (Effect effect : effects) {
            if (effect.ordinal() >= 0) all.add(text(effect));
        }
        String text = all.toString();
        return text.equals("[]") ? OF_NONE : ContentHash.of(new Json(text));
    }

    /** One of them after all that came before, so that a long journal can be hashed as it grows. */
    public static String hash(String before, Effect effect) {
        return ContentHash.of(new Json("{\"after\":\"" + before + "\",\"effect\":" + text(effect) + "}"));
    }

    private static String text(Effect effect) {
        var text = new StringBuilder("{\"at\":").append(effect.ordinal());
        text.append(",\"kind\":").append(Json.quote(effect.kind()));
        text.append(",\"name\":").append(Json.quote(effect.name()));
        text.append(",\"status\":\"").append(effect.status()).append('"');
        var request = Requests.of(effect);
        if (request != null) text.append(",\"request\":").append(request.text());
        if (effect.value() != null) text.append(",\"value\":").append(text(effect.value()));
        if (effect.problem() != null) {
            var problem = Problem.parse(effect.problem());
            text.append(",\"problem\":").append(Json.quote(problem.summary()));
        }
        return text.append('}').toString();
    }

    /** A large value is kept under its own hash, which is part of its reference. */
    private static String text(Payload value) {
        if (!value.isArtifact()) return value.stored();
        String reference = value.reference();
        return "{\"sha256\":" + Json.quote(reference.substring(reference.lastIndexOf('/') + 1)) + "}";
    }
}
