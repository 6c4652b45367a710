package dev.pawl.http;

import dev.pawl.core.Failure;
import dev.pawl.io.Connector.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call, from the first request over redirects to the answer. Used by one thread, once. */
final class Exchange {

    private static final int MOST_REDIRECTS = 5;

    /** Of the body of an answer that is none: for its message, and long enough to scrub secrets from. */
    private static final int FAILURE_BODY = 64 * 1024;

    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([^\\s;\"]+)");

    private final HttpSettings settings;
    private final HttpClient client;
    private final Tunnel tunnel;
    private final HttpCall call;
    private final @Nullable String key;
    private final Duration timeout;
    private final long end;
    private Hop hop;

    /** Whether the change that is wanted may have happened by now. */
    private boolean perhapsDone;

    Exchange(HttpSettings settings, HttpClient client, Tunnel tunnel, HttpCall call, Context context) {
        this.settings = settings;
        this.client = client;
        this.tunnel = tunnel;
        this.call = call;
        key = context.key();
        Duration own = call.timeout();
        timeout = own == null ? settings.timeout() : own;
        end = System.nanoTime() + timeout.toNanos();
        var headers = new TreeMap<>(call.headers());
        headers.putIfAbsent("traceparent", context.traceparent());
        if (key != null) headers.putIfAbsent(settings.idempotencyHeader(), inHeader(key));
        hop = new Hop(call.method(), call.target(), headers, call.body(), false);
    }

    /** Other characters than ASCII would become question marks on their way, and different keys the same. */
    private static String inHeader(String key) {
        boolean fits = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return fits ? key : URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    HttpAnswer run() throws InterruptedException {
        try {
            return follow();
        } catch (Failure.Logic | Failure.Auth | Failure.Permission | Failure.RateLimited failure) {
            if (key == null || !perhapsDone) throw failure;
            // These four say that a change did not happen. Here nobody knows.
            throw new Failure.Transient(failure.getMessage() + " Whether the change was made is not known.", failure);
        }
    }

    private HttpAnswer follow() throws InterruptedException {
        for (int redirects = 0; ; redirects++) {
            HttpResponse<byte[]> response = send();
            int status = response.statusCode();
            checkSize(response.headers());
            if (call.accepts(status)) return answer(response);
            perhapsDone &= !hop.refusedBy(status);
            String location = response.headers().firstValue("location").orElse("");
            if (!Hop.redirects(status) || location.isEmpty()) {
                String body = Secrets.scrub(text(response), secrets());
                throw Statuses.failure(what(), status, response.headers(), body);
            }
            if (redirects == MOST_REDIRECTS) {
                throw new Failure.Logic(call + " was redirected more than " + MOST_REDIRECTS + " times, at last to "
                        + Secrets.redactUrl(location) + ".");
            }
            hop = hop.redirected(call, status, location);
        }
    }

    /** Where it went, without secrets. */
    private String what() {
        return hop.target().equals(call.target())
                ? call.toString()
                : call + ", redirected to " + hop.target().redacted() + ",";
    }

    private List<String> secrets() {
        return Stream.of(
                        call.secretValues(),
                        Secrets.values(Map.of(), Set.of(), hop.target().query()))
                .flatMap(List::stream)
                .toList();
    }

    private HttpResponse<byte[]> send() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        settings.guard().checkHost(hop.target());
        List<InetAddress> addresses = resolve(hop.target());
        settings.guard().checkAddresses(hop.target(), addresses);
        if (System.nanoTime() - end >= 0) throw late();
        Duration connecting = settings.connectTimeout().compareTo(left()) < 0 ? settings.connectTimeout() : left();
        try (var pass = tunnel.open(hop.target(), addresses, connecting)) {
            var sending = client.sendAsync(request(), this::reading);
            perhapsDone = true;
            try {
                return sending.get(left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                sending.cancel(true);
                throw late();
            } catch (InterruptedException stop) {
                sending.cancel(true);
                throw stop;
            } catch (ExecutionException failed) {
                throw broken(failed.getCause() == null ? failed : failed.getCause(), pass);
            }
        }
    }

    private List<InetAddress> resolve(Target target) throws InterruptedException {
        if (target.isAddress()) return List.of(Reach.literal(target.host()));
        // The system's look-up can be neither interrupted nor given a time, so it gets a thread that can be left alone.
        var lookup = new FutureTask<>(() -> settings.resolver().resolve(target.host()));
        var unused = Thread.ofVirtual().name("pawl-http-lookup").start(lookup);
        try {
            return lookup.get(left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw late();
        } catch (ExecutionException unknown) {
            throw new Failure.Transient(
                    call + " found no address for the host " + target.host() + ".", unknown.getCause());
        }
    }

    private HttpRequest request() {
        var request = HttpRequest.newBuilder(hop.target().uri());
        hop.headers().forEach(request::setHeader);
        String body = hop.body();
        request.method(hop.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return request.build();
    }

    private HttpResponse.BodySubscriber<byte[]> reading(HttpResponse.ResponseInfo info) {
        return call.accepts(info.statusCode())
                ? new Cutoff(settings.largestAnswer(), true)
                : new Cutoff(FAILURE_BODY, false);
    }

    private Failure broken(Throwable cause, Tunnel.Pass pass) {
        if (cause instanceof Cutoff.TooLarge || cause.getCause() instanceof Cutoff.TooLarge) {
            return new Failure.Logic(call + " answered with more than " + settings.largestAnswer()
                    + " bytes, and was cut off. Ask for less, or allow more with Http.largestAnswer(bytes).");
        }
        if (!(cause instanceof IOException)) {
            return new Failure.Internal(call + " failed in a way that is not foreseen: " + cause, cause);
        }
        IOException unconnected = pass.failure();
        if (unconnected instanceof SocketTimeoutException || cause instanceof HttpConnectTimeoutException) {
            return new Failure.Timeout(call + " got no connection to "
                    + hop.target().host() + " within " + settings.connectTimeout() + ".");
        }
        if (unconnected != null) {
            return new Failure.Transient(
                    call + " got no connection to " + hop.target().host() + " port "
                            + hop.target().port() + ": " + unconnected.getMessage() + ".",
                    unconnected);
        }
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new Failure.Transient(call + " broke off: " + why + ".", cause);
    }

    private Failure.Timeout late() {
        return new Failure.Timeout(call + " took longer than " + timeout + ".");
    }

    /** The time that is left; at least a moment, which then is found to have passed. */
    private Duration left() {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private void checkSize(HttpHeaders headers) {
        long count = headers.map().values().stream().mapToLong(List::size).sum();
        if (count > settings.mostHeaders()) {
            throw new Failure.Logic(call + " answered with " + count + " headers; at most " + settings.mostHeaders()
                    + " are taken. Allow more with Http.mostHeaders(count).");
        }
    }

    private HttpAnswer answer(HttpResponse<byte[]> response) {
        String encoding = response.headers().firstValue("content-encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity") && response.body().length > 0) {
            throw new Failure.Logic(call + " answered in the encoding " + encoding
                    + ", though none was asked for. Compressed answers are not taken.");
        }
        Map<String, String> headers = new TreeMap<>();
        response.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new HttpAnswer(response.statusCode(), Secrets.redact(headers, call.secretHeaders()), text(response));
    }

    private static String text(HttpResponse<byte[]> response) {
        var charset =
                CHARSET.matcher(response.headers().firstValue("content-type").orElse(""));
        return new String(response.body(), charset.find() ? named(charset.group(1)) : StandardCharsets.UTF_8);
    }

    private static Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
