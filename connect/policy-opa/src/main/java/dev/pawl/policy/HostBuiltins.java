package dev.pawl.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The builtins of Rego that compiled policies expect of their host. Ours has {@code sprintf}, for messages. It has no clock,
 * no network and no randomness on purpose: the same document gives the same decision, also when it is asked about the past.
 */
final class HostBuiltins {

    private static final Set<String> KNOWN = Set.of("sprintf");

    private HostBuiltins() {}

    /** Those of them that ours does not have. */
    static Set<String> missing(Set<String> needed) {
        var missing = new TreeSet<>(needed);
        missing.removeAll(KNOWN);
        return missing;
    }

    /**
     * Calls one.
     *
     * @throws IllegalArgumentException if it cannot be called with that
     */
    static String call(String name, List<JsonNode> arguments) {
        if (!name.equals("sprintf")) throw new IllegalArgumentException("there is no builtin " + name);
        if (arguments.size() != 2
                || !arguments.get(0).isString()
                || !arguments.get(1).isArray()) {
            throw new IllegalArgumentException("sprintf wants a string and a list");
        }
        var values = new ArrayList<JsonNode>();
        arguments.get(1).forEach(values::add);
        return GoFormat.format(arguments.get(0).stringValue(), values);
    }
}
