package dev.pawl.tape;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import org.jspecify.annotations.Nullable;

/** What is noted beside an effect: a small JSON object. */
public final class Notes {

    /** What exactly was asked for. */
    public static final String REQUEST = "request";

    public static final String UNTIL = "until";
    public static final String TRIES = "tries";
    public static final String EXCEPTION = "exception";
    public static final String KEY = "key";
    public static final String TIMED_OUT = "timedOut";
    public static final String STATUS = "status";
    public static final String CHILD = "child";
    public static final String DETACHED = "detached";
    public static final String AT = "at";
    public static final String WINNER = "winner";
    public static final String BRANCHES = "branches";

    private final StringBuilder json = new StringBuilder("{");

    public Notes with(String name, long value) {
        return raw(name, String.valueOf(value));
    }

    public Notes with(String name, String value) {
        return raw(name, Json.quote(value));
    }

    public Notes with(String name, Json value) {
        return raw(name, value.text());
    }

    private Notes raw(String name, String value) {
        if (json.length() > 1) json.append(',');
        json.append('"').append(name).append("\":").append(value);
        return this;
    }

    public Json done() {
        return new Json(json + "}");
    }

    public static @Nullable String text(@Nullable Json notes, String name) {
        if (notes == null) return null;
        var value = Codec.STANDARD.tree(notes).get(name);
        return value == null || value.isNull() ? null : value.asString();
    }

    public static long number(@Nullable Json notes, String name, long otherwise) {
        if (notes == null) return otherwise;
        var value = Codec.STANDARD.tree(notes).get(name);
        return value == null || !value.isNumber() ? otherwise : value.asLong();
    }
}
