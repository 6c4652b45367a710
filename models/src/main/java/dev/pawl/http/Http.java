package dev.pawl.http;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.io.Connector;
import dev.pawl.json.TypeRef;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls over HTTP: {@code static final Http WEB = Http.client().allow("api.example.com");}.
 *
 * <p><b>What may be called.</b> All public hosts, or those of {@link #allow} alone. Addresses of private networks, of this
 * machine and of clouds' metadata services are refused, whatever name leads there: each name is looked up once, what it
 * leads to is checked, and exactly that is connected to; after each redirect again. The proxies of the system are not
 * used, as they would look names up by themselves.
 *
 * <p><b>What a failure is.</b> 401 is {@link Failure.Auth}, 403 {@link Failure.Permission}; 408, 425, 5xx and broken or
 * refused connections are {@link Failure.Transient}; 429, and 503 with {@code Retry-After}, are {@link
 * Failure.RateLimited}; what takes too long is {@link Failure.Timeout}; all else is {@link Failure.Logic}, as are refused
 * addresses and answers that are too large. For a change, a call with a key, what cannot be certain not to have happened is
 * Transient instead: 409 and 503, an answer that is too large, a redirect that is not followed after it may have been
 * made.
 *
 * <p><b>How.</b> HTTP/1.1 over the JDK's client, one connection for each call at a time, kept for the next. Up to 5
 * redirects are followed, from https to http never; credentials stay with the origin they were meant for. Nothing is
 * retried here. GET and HEAD may be sent again by the JDK's client when a kept connection turns out to be closed.
 *
 * <p>Immutable and thread-safe. It holds connections and threads from its first call on, so make one and keep it.
 */
public final class Http implements Connector<HttpCall, HttpAnswer> {

    private static final TypeRef<HttpAnswer> ANSWER = TypeRef.of(HttpAnswer.class);

    private final HttpSettings settings;
    private @Nullable Line line;

    Http(HttpSettings settings) {
        this.settings = settings;
    }

    private record Line(HttpClient client, Tunnel tunnel) {}

    /** For all public hosts, with 10 s to connect, 30 s for a call in all, and answers of up to 4 MiB and 200 headers. */
    public static Http client() {
        return new Http(HttpSettings.STANDARD);
    }

    /**
     * The same for these hosts too; the first ones take away the right to call all others.
     *
     * @param hosts names ({@code api.example.com}), all names below one ({@code *.example.com}, which is not {@code
     *     example.com}), or addresses ({@code 10.0.0.5}). An address may be called though it is private or worse, also
     *     where an allowed name leads to it
     * @throws IllegalArgumentException if one is none of these
     */
    public Http allow(String... hosts) {
        return with(draft -> draft.guard = draft.guard.allow(hosts));
    }

    /**
     * The same for the private network and this machine too. Metadata services of clouds stay refused: if you want one,
     * {@link #allow} its address.
     */
    public Http allowPrivate() {
        return with(draft -> draft.guard = new Guard(draft.guard.hosts(), true));
    }

    private Http with(Consumer<HttpSettings.Draft> change) {
        return new Http(settings.with(change));
    }

    /** The same with this time to get a connection, for all addresses of a host together, TLS not included. */
    public Http connectTimeout(Duration timeout) {
        return with(draft -> draft.connectTimeout = timeout);
    }

    /** The same with this time for a call in all, from the look-up of the name to the last byte of the last answer. */
    public Http timeout(Duration timeout) {
        return with(draft -> draft.timeout = timeout);
    }

    /** The same with bodies of up to this many bytes; a larger one is cut off while it arrives, and is a failure. */
    public Http largestAnswer(long bytes) {
        return with(draft -> draft.largestAnswer = bytes);
    }

    /** The same with answers of up to this many headers. The JDK's client has a limit of its own for their size. */
    public Http mostHeaders(int count) {
        return with(draft -> draft.mostHeaders = count);
    }

    /** The same with another name for the header {@code Idempotency-Key}; a call that sets it by itself keeps its own. */
    public Http idempotencyHeader(String name) {
        return with(draft -> draft.idempotencyHeader = name.toLowerCase(Locale.ROOT));
    }

    /** The same with certificates of your own: whom to trust, and as whom to come. */
    public Http tls(SSLContext tls) {
        return with(draft -> draft.tls = tls);
    }

    /** The same with names that are looked up here. */
    Http resolver(Resolver resolver) {
        return with(draft -> draft.resolver = resolver);
    }

    @Override
    public String kind() {
        return "http";
    }

    @Override
    public Json request(HttpCall call) {
        return Recorded.of(call);
    }

    @Override
    public TypeRef<HttpAnswer> response() {
        return ANSWER;
    }

    @Override
    public HttpAnswer call(HttpCall call, Context context) throws InterruptedException {
        Line opened = line();
        return new Exchange(settings, opened.client(), opened.tunnel(), call, context).run();
    }

    private synchronized Line line() {
        if (line != null) return line;
        try {
            var tunnel = new Tunnel();
            var client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(settings.connectTimeout())
                    .proxy(new Ways(tunnel.address()))
                    .executor(Executors.newVirtualThreadPerTaskExecutor());
            if (settings.tls() != null) client.sslContext(settings.tls());
            line = new Line(client.build(), tunnel);
            return line;
        } catch (IOException noSocket) {
            throw new Failure.Transient(
                    "No socket for calls over HTTP could be opened on the loopback address: " + noSocket.getMessage(),
                    noSocket);
        }
    }
}
