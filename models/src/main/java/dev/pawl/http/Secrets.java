package dev.pawl.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tells by its name what must not be written down, and takes it out. */
final class Secrets {

    static final String REDACTED = "***";

    private static final Set<String> HEADERS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "set-cookie2",
            "x-api-key",
            "api-key",
            "apikey");

    /** Words, not parts of words: {@code max_tokens} and {@code x-ratelimit-limit-tokens} are no secrets. */
    private static final Set<String> WORDS = Set.of(
            "token",
            "secret",
            "signature",
            "sig",
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "credential",
            "credentials",
            "apikey",
            "accesskey",
            "authorization",
            "auth",
            "jwt",
            "session",
            "sessionid",
            "accesstoken");

    /** Shorter ones are not looked for in texts: they would match anything. */
    private static final int SHORTEST_SOUGHT = 4;

    private Secrets() {}

    /** @param name in lower case */
    static boolean header(String name) {
        return HEADERS.contains(name) || words(name, false);
    }

    /** Whether a parameter of a query or a form is secret by its name, in any case and spelling. */
    static boolean parameter(String name) {
        return words(name, true);
    }

    private static boolean words(String name, boolean anyKey) {
        List<String> words = Arrays.stream(name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT)
                        .split("[^a-z0-9]+"))
                .toList();
        for (int i = 0; i < words.size(); i++) {
            if (WORDS.contains(words.get(i))) return true;
            boolean ofDoors = i > 0 && Set.of("api", "access", "private").contains(words.get(i - 1));
            if (words.get(i).equals("key") && (anyKey || ofDoors)) return true;
        }
        return false;
    }

    /** Headers with the values of secret ones replaced. */
    static Map<String, String> redact(Map<String, String> headers, Set<String> alsoSecret) {
        var redacted = new TreeMap<String, String>();
        headers.forEach(
                (name, value) -> redacted.put(name, header(name) || alsoSecret.contains(name) ? REDACTED : value));
        return redacted;
    }

    /** {@code a=1&token=2} without the 2. */
    static String redactQuery(String query) {
        var parts = query.split("&", -1);
        for (int i = 0; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals >= 0 && parameter(decode(parts[i].substring(0, equals)))) {
                parts[i] = parts[i].substring(0, equals + 1) + REDACTED;
            }
        }
        return String.join("&", parts);
    }

    /** A URL, valid or not, without user-info, secret query values and fragment. */
    static String redactUrl(String url) {
        String cut = url.contains("#") ? url.substring(0, url.indexOf('#')) : url;
        int question = cut.indexOf('?');
        String front = question < 0 ? cut : cut.substring(0, question);
        int slashes = front.indexOf("//");
        if (slashes >= 0) {
            int end = front.indexOf('/', slashes + 2);
            String authority = end < 0 ? front.substring(slashes + 2) : front.substring(slashes + 2, end);
            int at = authority.lastIndexOf('@');
            if (at >= 0) {
                front = front.substring(0, slashes + 2)
                        + REDACTED
                        + authority.substring(at)
                        + (end < 0 ? "" : front.substring(end));
            }
        }
        return question < 0 ? front : front + "?" + redactQuery(cut.substring(question + 1));
    }

    /** What must not show up in a text about this call: its secret values, as they are sent and as they are meant. */
    static List<String> values(Map<String, String> headers, Set<String> alsoSecret, String query) {
        var values = new ArrayList<String>();
        headers.forEach((name, value) -> {
            if (!header(name) && !alsoSecret.contains(name)) return;
            values.add(value);
            int space = value.indexOf(' '); // "Bearer abc": what comes back in errors is mostly the abc
            if (space >= 0) values.add(value.substring(space + 1).strip());
        });
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals < 0 || !parameter(decode(part.substring(0, equals)))) continue;
            values.add(part.substring(equals + 1));
            values.add(decode(part.substring(equals + 1)));
        }
        values.removeIf(value -> value.length() < SHORTEST_SOUGHT);
        return List.copyOf(values);
    }

    /** A text of the other side, without any of these values. */
    static String scrub(String text, List<String> values) {
        String scrubbed = text;
        for (String value : values) scrubbed = scrubbed.replace(value, REDACTED);
        return scrubbed;
    }

    private static String decode(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return part;
        }
    }
}
