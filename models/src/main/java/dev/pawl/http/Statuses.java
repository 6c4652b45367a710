package dev.pawl.http;

import dev.pawl.core.Failure;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What a status that is not accepted means for what happens next (RFC 9110, section 15; RFC 6585 for 429). */
final class Statuses {

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final int BEGINNING = 500;

    private Statuses() {}

    /**
     * @param what was called, as the beginning of the message
     * @param body without secrets
     */
    static Failure failure(String what, int status, HttpHeaders headers, String body) {
        String message = what + " answered " + status + beginning(body);
        Optional<Duration> wait = retryAfter(headers);
        return switch (status) {
            case 401 -> new Failure.Auth(message);
            case 403 -> new Failure.Permission(message);
            case 408, 425 -> new Failure.Transient(message);
            case 429 -> new Failure.RateLimited(message, wait.orElse(Duration.ZERO));
            default -> {
                if (status < 500) yield new Failure.Logic(message);
                yield status == 503 && wait.isPresent()
                        ? new Failure.RateLimited(message, wait.get())
                        : new Failure.Transient(message);
            }
        };
    }

    private static String beginning(String body) {
        if (body.isBlank()) return ".";
        String text = body.strip();
        return ": " + (text.length() <= BEGINNING ? text : text.substring(0, BEGINNING) + "…");
    }

    /**
     * How long to wait. A date is measured against the {@code Date} of the same answer, so that no clock of ours matters;
     * without one it says nothing.
     */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        String said = headers.firstValue("retry-after").orElse("").strip();
        if (said.matches("\\d{1,9}")) return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(said))));
        if (said.matches("\\d+")) return Optional.of(LONGEST_WAIT);
        Optional<Instant> until = date(said);
        Optional<Instant> now = headers.firstValue("date").flatMap(Statuses::date);
        return until.flatMap(then -> now.map(from -> bounded(Duration.between(from, then))));
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) return Duration.ZERO;
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException notOne) {
            return Optional.empty();
        }
    }
}
