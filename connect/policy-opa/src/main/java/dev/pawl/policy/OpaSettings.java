package dev.pawl.policy;

import dev.pawl.core.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a policy is evaluated. Start from {@link #DEFAULT} and change what differs.
 *
 * @param entrypoint the rule that decides, as {@code opa build -e} was given it
 * @param timeLimit how long one decision may take, waiting for a free instance included
 * @param instances how many decisions are made at the same time, and half as many slow ones beside them; further ones wait
 * @param memory how much one instance may hold, in bytes
 * @param data what the policy sees as {@code data}, a JSON object in place of that of its bundle; null for the bundle's own
 */
public record OpaSettings(
        String entrypoint,
        Duration timeLimit,
        int instances,
        long memory,
        @Nullable Json data) {

    /**
     * {@code pawl/decision}, a second, one instance for each processor, 256 MiB. Virtual threads then never wait for one:
     * there are not more of them running.
     */
    public static final OpaSettings DEFAULT = new OpaSettings(
            "pawl/decision", Duration.ofSeconds(1), Runtime.getRuntime().availableProcessors(), 256L << 20, null);

    public OpaSettings {
        if (timeLimit.isNegative() || timeLimit.isZero() || timeLimit.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "A policy's time limit is above zero and at most an hour, not " + timeLimit);
        }
        if (instances < 1) {
            throw new IllegalArgumentException("A policy needs at least one instance, not " + instances);
        }
        if (memory < 1L << 20 || memory > 1L << 30) {
            throw new IllegalArgumentException(
                    "An instance has from 1 MiB to 1 GiB of memory, not " + memory + " bytes");
        }
    }

    public OpaSettings entrypoint(String rule) {
        return new OpaSettings(rule, timeLimit, instances, memory, data);
    }

    public OpaSettings timeLimit(Duration time) {
        return new OpaSettings(entrypoint, time, instances, memory, data);
    }

    public OpaSettings instances(int atTheSameTime) {
        return new OpaSettings(entrypoint, timeLimit, atTheSameTime, memory, data);
    }

    public OpaSettings memory(long bytes) {
        return new OpaSettings(entrypoint, timeLimit, instances, bytes, data);
    }

    public OpaSettings data(@Nullable Json object) {
        return new OpaSettings(entrypoint, timeLimit, instances, memory, object);
    }
}
