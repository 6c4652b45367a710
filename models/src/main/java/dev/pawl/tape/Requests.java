package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import dev.pawl.json.JsonDiff;
import org.jspecify.annotations.Nullable;

/** What exactly an effect was asked for, as recorded: equal requests have equal hashes. */
public final class Requests {

    /** A larger one is recorded by its hash and its beginning. In characters. */
    private static final int LIMIT = 64 << 10;

    private static final int BEGINNING = 1_000;

    private Requests() {}

    static Json bounded(Json request) {
        String text = request.text();
        if (text.length() <= LIMIT) return request;
        return new Json("{\"sha256\":\"" + Hash.of(request) + "\",\"length\":" + text.length() + ",\"beginning\":"
                + Json.quote(text.substring(0, BEGINNING)) + "}");
    }

    /** The recorded request of an effect; null if its code did not say. */
    public static @Nullable Json of(Effect recorded) {
        var notes = recorded.request();
        if (notes == null) return null;
        var request = Codec.STANDARD.tree(notes).get(Notes.REQUEST);
        return request == null ? null : new Json(request.toString());
    }

    /** In what two requests differ, in sentences; null if they do not. One that was not said fits every other. */
    static @Nullable String difference(@Nullable Json recorded, @Nullable Json asked) {
        if (recorded == null || asked == null || recorded.equals(asked)) return null;
        String before = Hash.of(recorded);
        String now = Hash.of(asked);
        if (before.equals(now)) return null;
        return "Recorded request %s, asked for %s: %s"
                .formatted(before, now, String.join(" ", JsonDiff.of(recorded, asked)));
    }
}
