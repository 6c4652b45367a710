package dev.pawl.http;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as a value: {@code HttpCall.post("https://api.example.com/v1/labels").json(body).bearer(token)}.
 *
 * <p>Secrets go into {@link #bearer}, {@link #basic} or {@link #secretHeader}: these, the usual headers of credentials and
 * query parameters with names such as {@code token} or {@code key} are sent but never written down. A body is written
 * down as it is.
 *
 * <p>Immutable; each method gives a new value. What cannot be sent is refused at once with {@link Failure.Logic}, as trying
 * again cannot help.
 */
public final class HttpCall {

    /** Those that the JDK's client sets itself, and those that only make sense between two neighbours. */
    private static final Set<String> NOT_YOURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "upgrade",
            "transfer-encoding",
            "te",
            "trailer",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "http2-settings");

    private final Parts parts;

    private HttpCall(Parts parts) {
        this.parts = parts;
    }

    /** @param accepted statuses beside 2xx that are no failure */
    private record Parts(
            String method,
            Target target,
            Map<String, String> headers,
            Set<String> secretHeaders,
            @Nullable String body,
            @Nullable Duration timeout,
            Set<Integer> accepted) {

        Parts withHeader(String name, String value) {
            var more = new TreeMap<>(headers);
            more.put(name, value);
            return new Parts(method, target, Collections.unmodifiableMap(more), secretHeaders, body, timeout, accepted);
        }
    }

    /** A GET request. */
    public static HttpCall get(String url) {
        return of("GET", url);
    }

    /** A HEAD request. */
    public static HttpCall head(String url) {
        return of("HEAD", url);
    }

    /** A POST request. */
    public static HttpCall post(String url) {
        return of("POST", url);
    }

    /** A PUT request. */
    public static HttpCall put(String url) {
        return of("PUT", url);
    }

    /** A PATCH request. */
    public static HttpCall patch(String url) {
        return of("PATCH", url);
    }

    /** A DELETE request. */
    public static HttpCall delete(String url) {
        return of("DELETE", url);
    }

    /**
     * A request with any method but CONNECT and TRACE.
     *
     * @param url absolute, with the scheme http or https and without user-info; a fragment is left out
     * @throws Failure.Logic if this is none that can be called
     */
    public static HttpCall of(String method, String url) {
        String upper = method.toUpperCase(Locale.ROOT);
        if (!upper.matches("[A-Z][A-Z-]*") || upper.equals("CONNECT") || upper.equals("TRACE")) {
            throw new Failure.Logic("\"" + method + "\" is no HTTP method that can be called.");
        }
        return new HttpCall(new Parts(upper, Target.of(url), Map.of(), Set.of(), null, null, Set.of()));
    }

    /** The same with this value as its body, in JSON; a {@link Json} and a tree of Jackson as they are. */
    public HttpCall json(Object value) {
        return json(value, TypeRef.of(value.getClass()));
    }

    /** The same with this value as its body, in JSON, for types with type arguments. */
    public HttpCall json(Object value, TypeRef<?> type) {
        String text = value instanceof Json json
                ? json.text()
                : Codec.STANDARD.write(value, type, "The body of " + this).text();
        return body("application/json", text);
    }

    /** The same with this text as its body, sent as UTF-8. */
    public HttpCall text(String text) {
        return body("text/plain; charset=utf-8", text);
    }

    /** The same with this body, sent as UTF-8, whatever its content type says. */
    public HttpCall body(String contentType, String text) {
        Parts typed = header("content-type", contentType).parts;
        return new HttpCall(new Parts(
                typed.method, typed.target, typed.headers, typed.secretHeaders, text, typed.timeout, typed.accepted));
    }

    /** The same with this header; a second value for a name takes the place of the first. Names know no case. */
    public HttpCall header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isHeader(lower)) {
            throw new Failure.Logic("The header \"" + name + "\" of " + this
                    + " cannot be set: it is not a name, or it belongs to the connection and not to the call.");
        }
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
            // The value may be a secret with a line break behind it, so it is not shown.
            throw new Failure.Logic("The value of the header \"" + name + "\" of " + this
                    + " has a line break or another character in it that is not printable ASCII.");
        }
        return new HttpCall(parts.withHeader(lower, value));
    }

    /** @param name in lower case */
    static boolean isHeader(String name) {
        return name.matches("[a-z0-9!#$%&'*+.^_`|~-]+") && !NOT_YOURS.contains(name);
    }

    /** The same with this header, whose value is never written down. */
    public HttpCall secretHeader(String name, String value) {
        Parts with = header(name, value).parts;
        var secret = new HashSet<>(with.secretHeaders);
        secret.add(name.toLowerCase(Locale.ROOT));
        return new HttpCall(new Parts(
                with.method, with.target, with.headers, Set.copyOf(secret), with.body, with.timeout, with.accepted));
    }

    /** The same with {@code Authorization: Bearer …}. */
    public HttpCall bearer(String token) {
        return secretHeader("authorization", "Bearer " + token);
    }

    /** The same with {@code Authorization: Basic …}. */
    public HttpCall basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return secretHeader("authorization", "Basic " + Base64.getEncoder().encodeToString(both));
    }

    /** The same with this time in all, redirects included, in place of the client's. */
    public HttpCall timeout(Duration timeout) {
        if (!timeout.isPositive())
            throw new Failure.Logic("The timeout " + timeout + " of " + this + " must be positive.");
        return new HttpCall(new Parts(
                parts.method, parts.target, parts.headers, parts.secretHeaders, parts.body, timeout, parts.accepted));
    }

    /** The same where these statuses are answers and no failures, beside 200 to 299: {@code accepting(404)}. */
    public HttpCall accepting(int... statuses) {
        Set<Integer> accepted = Arrays.stream(statuses).boxed().collect(Collectors.toUnmodifiableSet());
        return new HttpCall(new Parts(
                parts.method, parts.target, parts.headers, parts.secretHeaders, parts.body, parts.timeout, accepted));
    }

    String method() {
        return parts.method;
    }

    Target target() {
        return parts.target;
    }

    /** By lower-case names, in their order. */
    Map<String, String> headers() {
        return parts.headers;
    }

    Set<String> secretHeaders() {
        return parts.secretHeaders;
    }

    @Nullable
    String body() {
        return parts.body;
    }

    @Nullable
    Duration timeout() {
        return parts.timeout;
    }

    boolean accepts(int status) {
        return (status >= 200 && status < 300) || parts.accepted.contains(status);
    }

    List<String> secretValues() {
        return Secrets.values(parts.headers, parts.secretHeaders, parts.target.query());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpCall call && parts.equals(call.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** Method and URL, without secrets. */
    @Override
    public String toString() {
        return parts.method + " " + parts.target.redacted();
    }
}
