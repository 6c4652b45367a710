package dev.pawl.http;

import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a client calls. Immutable.
 *
 * @param largestAnswer bytes of a body
 * @param tls null for the system's
 */
record HttpSettings(
        Guard guard,
        Duration connectTimeout,
        Duration timeout,
        long largestAnswer,
        int mostHeaders,
        String idempotencyHeader,
        @Nullable SSLContext tls,
        Resolver resolver) {

    static final HttpSettings STANDARD = new HttpSettings(
            Guard.PUBLIC_ONLY,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4L * 1024 * 1024,
            200,
            "idempotency-key",
            null,
            Resolver.SYSTEM);

    HttpSettings {
        if (!connectTimeout.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "The timeouts " + connectTimeout + " and " + timeout + " of an HTTP client must be positive.");
        }
        if (largestAnswer < 1 || largestAnswer > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "An answer of at most " + largestAnswer + " bytes: it must be from 1 byte to 2 GiB.");
        }
        if (!HttpCall.isHeader(idempotencyHeader)) {
            throw new IllegalArgumentException("\"" + idempotencyHeader + "\" is no name of a header for keys.");
        }
        if (mostHeaders < 1) {
            throw new IllegalArgumentException("At most " + mostHeaders + " headers: it must be at least 1.");
        }
    }

    /** The same but for this. */
    HttpSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings while one of them is changed. */
    static final class Draft {
        Guard guard;
        Duration connectTimeout;
        Duration timeout;
        long largestAnswer;
        int mostHeaders;
        String idempotencyHeader;

        @Nullable
        SSLContext tls;

        Resolver resolver;

        private Draft(HttpSettings from) {
            guard = from.guard;
            connectTimeout = from.connectTimeout;
            timeout = from.timeout;
            largestAnswer = from.largestAnswer;
            mostHeaders = from.mostHeaders;
            idempotencyHeader = from.idempotencyHeader;
            tls = from.tls;
            resolver = from.resolver;
        }

        private HttpSettings settings() {
            return new HttpSettings(
                    guard, connectTimeout, timeout, largestAnswer, mostHeaders, idempotencyHeader, tls, resolver);
        }
    }
}
