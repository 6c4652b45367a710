package dev.pawl.examples;

import dev.pawl.core.Json;
import dev.pawl.engine.Settings;
import dev.pawl.policy.OpaPolicy;
import dev.pawl.policy.OpaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * {@link SupportReply} where nobody is paid more than an amount before a person has approved it. The graph knows nothing of
 * that: a policy looks at each request before it is made, and stops the run.
 *
 * <pre>
 * pawl list --status BLOCKED
 * pawl show RUN
 * pawl approve RUN --comment "a good customer"
 * </pre>
 */
public final class GuardedReply {

    private GuardedReply() {}

    /** How a Pawl is opened that asks a person about amounts above a limit, in euros. */
    public static Settings above(int limit) {
        var data = new Json("{\"approval\":{\"limit\":" + limit + "}}");
        var policy = OpaPolicy.of(sample("approval.wasm"), OpaSettings.DEFAULT.data(data));
        return Settings.DEFAULT.policy(policy);
    }

    /** One of the policies that come with {@code pawl-policy-opa}; of your own, {@code OpaPolicy.load(file)}. */
    static byte[] sample(String name) {
        try (var file = OpaPolicy.class.getResourceAsStream("samples/" + name)) {
            if (file == null) throw new IllegalArgumentException("There is no sample " + name);
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
