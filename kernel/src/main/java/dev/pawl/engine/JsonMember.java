package dev.pawl.engine;

import dev.pawl.core.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads one member of a JSON object, and nothing that is further inside: what models note beside an effect is opaque to the
 * kernel but for a few words that people ask for.
 */
final class JsonMember {

    private final String text;
    private int at;

    private JsonMember(String text) {
        this.text = text;
    }

    /** The member of this name; null if there is none, or it is no object. */
    static @Nullable Json of(@Nullable Json object, String name) {
        return object == null ? null : new JsonMember(object.text()).find(Json.quote(name));
    }

    /** The text of a member; null if there is none, or it is no text. */
    static @Nullable String text(@Nullable Json object, String name) {
        var member = of(object, name);
        return member == null || member.text().charAt(0) != '"' ? null : Json.unquote(member.text());
    }

    /** A whole number; 0 if there is none. */
    static int number(@Nullable Json object, String name) {
        var member = of(object, name);
        return member == null || !member.text().matches("\\d{1,9}") ? 0 : Integer.parseInt(member.text());
    }

    private @Nullable Json find(String quoted) {
        blanks();
        if (!is('{')) return null;
        at++;
        while (at < text.length()) {
            blanks();
            if (!is('"')) return null;
            int from = at;
            string();
            boolean found = text.substring(from, at).equals(quoted);
            blanks();
            at++; // the colon
            blanks();
            from = at;
            value();
            if (found) return new Json(text.substring(from, at).strip());
            blanks();
            if (!is(',')) return null;
            at++;
        }
        return null;
    }

    /** Moves on to the comma or the bracket behind a value. */
    private void value() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                string();
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}')) return;
            if (c == '{' || c == '[') depth++;
            if (c == '}' || c == ']') depth--;
            at++;
        }
    }

    private void string() {
        at++;
        while (at < text.length() && !is('"')) at += is('\\') ? 2 : 1;
        at = Math.min(text.length(), at + 1);
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
    }

    private boolean is(char wanted) {
        return at < text.length() && text.charAt(at) == wanted;
    }
}
