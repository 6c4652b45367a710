package dev.pawl.examples;

import dev.pawl.core.Failure;
import dev.pawl.core.Retry;
import dev.pawl.flow.Flow;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Retries: a service that is down for its first calls is asked again, each time after twice the wait, until it answers
 * or the attempts are spent.
 */
public final class Retrying {

    /**
     * A service.
     *
     * @param failures so many calls fail before one succeeds
     */
    public record Service(String name, int failures) {}

    /** The flow. */
    public static final Flow<Service, String> FLOW = Flow.define(
            "retrying",
            Service.class,
            (f, service) -> f.step("call", String.class, service, Retrying::call)
                    .retry(Retry.times(5)
                            .base(Duration.ofMillis(100))
                            .cap(Duration.ofSeconds(2))
                            .jitter(0.2))
                    .timeout(Duration.ofSeconds(10)));

    private static final ConcurrentHashMap<String, Integer> CALLS = new ConcurrentHashMap<>();

    private Retrying() {}

    private static String call(Service service) {
        int call = CALLS.merge(service.name(), 1, Integer::sum);
        if (call <= service.failures()) throw new Failure.Transient(service.name() + " is down");
        return service.name() + " answered call " + call;
    }
}
