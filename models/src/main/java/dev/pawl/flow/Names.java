package dev.pawl.flow;

import java.util.regex.Pattern;

/** What flows and steps may be called: what can stand unquoted in a path, a shell and a JSON key. */
final class Names {

    private static final int LONGEST = 128;
    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]*");

    /** The key under which a run's state keeps what belongs to no step. */
    static final String RUN = "run";

    private Names() {}

    /** @param what the beginning of the message: {@code Flow "census" has a step} */
    static void require(String what, String name) {
        String problem = what + " named \"" + name + "\"; ";
        if (!ALLOWED.matcher(name).matches()) {
            throw new DefinitionException(
                    problem + "a name is a letter or underscore, then letters, digits, underscores and dashes.");
        }
        if (name.length() > LONGEST) throw new DefinitionException(problem + "a name has at most 128 characters.");
        if (name.equals(RUN)) throw new DefinitionException(problem + "that word is reserved.");
    }
}
