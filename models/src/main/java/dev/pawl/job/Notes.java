package dev.pawl.job;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import org.jspecify.annotations.Nullable;

/** What is noted beside an effect: a small JSON object. */
final class Notes {

    static final String UNTIL = "until";
    static final String TRIES = "tries";
    static final String EXCEPTION = "exception";
    static final String KEY = "key";
    static final String TIMED_OUT = "timedOut";
    static final String STATUS = "status";
    static final String WINNER = "winner";
    static final String BRANCHES = "branches";

    private final StringBuilder json = new StringBuilder("{");

    Notes with(String name, long value) {
        return raw(name, String.valueOf(value));
    }

    Notes with(String name, String value) {
        return raw(name, Json.quote(value));
    }

    private Notes raw(String name, String value) {
        if (json.length() > 1) json.append(',');
        json.append('"').append(name).append("\":").append(value);
        return this;
    }

    Json done() {
        return new Json(json + "}");
    }

    static @Nullable String text(@Nullable Json notes, String name) {
        if (notes == null) return null;
        var value = Codec.STANDARD.tree(notes).get(name);
        return value == null || value.isNull() ? null : value.asString();
    }

    static long number(@Nullable Json notes, String name, long otherwise) {
        if (notes == null) return otherwise;
        var value = Codec.STANDARD.tree(notes).get(name);
        return value == null || !value.isNumber() ? otherwise : value.asLong();
    }
}
