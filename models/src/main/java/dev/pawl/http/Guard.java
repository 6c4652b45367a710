package dev.pawl.http;

import dev.pawl.core.Failure;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which hosts may be called, and which addresses they may have: against requests that somebody's input leads to where only
 * we can reach (server-side request forgery). Immutable.
 *
 * @param hosts in lower case: names, {@code *.suffix}, addresses; empty for all
 * @param privately whether private addresses may be called
 */
record Guard(Set<String> hosts, boolean privately) {

    /** Resolves to the metadata address inside Google's cloud; refused by name too, where its DNS says something else. */
    private static final String GOOGLE_METADATA = "metadata.google.internal";

    static final Guard PUBLIC_ONLY = new Guard(Set.of(), false);

    Guard allow(String... more) {
        var all = new TreeSet<>(hosts);
        for (String host : more) all.add(entry(host));
        return new Guard(Set.copyOf(all), privately);
    }

    private static String entry(String written) {
        String host = written.toLowerCase(Locale.ROOT);
        boolean wild = host.startsWith("*.");
        String name = wild ? host.substring(2) : host;
        if (name.contains(":") && !wild)
            return Reach.literal(name.replaceAll("[\\[\\]]", "")).getHostAddress();
        if (name.isEmpty() || !name.matches("[a-z0-9.-]+") || name.endsWith(".") || name.startsWith(".")) {
            throw new IllegalArgumentException("\"" + written
                    + "\" is no host to allow: write a name (api.example.com), all names below one (*.example.com), or an"
                    + " address (10.0.0.5, 2001:db8::1), without scheme, port and path.");
        }
        return host;
    }

    /**
     * Looks at the name, before anything is looked up.
     *
     * @throws Failure.Logic if it may not be called
     */
    void checkHost(Target target) {
        String host = target.isAddress() ? Reach.literal(target.host()).getHostAddress() : target.host();
        boolean named = hosts.contains(host);
        boolean below = !target.isAddress()
                && hosts.stream().anyMatch(allowed -> allowed.startsWith("*.") && host.endsWith(allowed.substring(1)));
        if (!hosts.isEmpty() && !named && !below) {
            throw new Failure.Logic("The call of " + target.redacted() + " is refused: " + target.host()
                    + " is not allowed. Allowed are " + new TreeSet<>(hosts) + "; add it with Http.allow(\"" + host
                    + "\") if it may be called.");
        }
        if (host.equals(GOOGLE_METADATA) && !named) throw refused(target, host, Reach.METADATA);
    }

    /**
     * Looks at what a name was resolved to. One refused address among several refuses the call: a name that is both public
     * and private is no accident.
     *
     * @throws Failure.Logic if it may not be called
     */
    void checkAddresses(Target target, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            Reach reach = Reach.of(address);
            boolean fine = reach == Reach.PUBLIC
                    || (reach == Reach.PRIVATE && privately)
                    || hosts.contains(address.getHostAddress());
            if (!fine) throw refused(target, address.getHostAddress(), reach);
        }
    }

    private static Failure.Logic refused(Target target, String address, Reach reach) {
        String way = reach == Reach.PRIVATE
                ? Stream.of("allow(\"" + address + "\")", "allowPrivate()").collect(Collectors.joining(" or "))
                : "allow(\"" + address + "\")";
        return new Failure.Logic("The call of " + target.redacted() + " is refused: " + target.host() + " leads to "
                + address + ", " + reach + ". If that is meant, say so with Http." + way + ".");
    }
}
