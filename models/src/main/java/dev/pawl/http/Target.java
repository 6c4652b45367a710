package dev.pawl.http;

import dev.pawl.core.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, in one spelling: host in lower case without a final dot, no user-info, no fragment. There is only
 * one reading of each, so that what is checked is what is called: hosts that some software takes for an address and other
 * software for a name ({@code 2130706433}, {@code 0x7f.1}, {@code 0177.0.0.1}) are refused, as the WHATWG URL standard's
 * "ends in a number" finds them.
 *
 * @param uri as it is requested
 * @param host a name, or an address without brackets
 * @param port the one that is meant if none is said
 */
record Target(URI uri, String host, int port) {

    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

    /**
     * @throws Failure.Logic if it is none that we call; the message holds no secrets
     */
    static Target of(String url) {
        URI uri = parse(url);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused(url, "its scheme is \"" + scheme + "\"; only http and https are called");
        }
        String authority = uri.getRawAuthority();
        if (authority != null && authority.contains("@")) {
            throw refused(
                    url,
                    "it has user-info before the host, which is easily mistaken for it; use HttpCall.basic(user, password)");
        }
        if (uri.getHost() == null) {
            throw refused(
                    url,
                    "it has no host that can be read in one way only; write a name (international ones in punycode) or"
                            + " an address such as 192.0.2.1 or [2001:db8::1]");
        }
        String host = host(uri.getHost(), url);
        int port = uri.getPort() < 0 ? (scheme.equals("https") ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) throw refused(url, "there is no port " + port);
        return new Target(URI.create(spelled(uri, scheme, host)), host, port);
    }

    private static String host(String written, String url) {
        String host = written.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            if (host.contains("%")) throw refused(url, "addresses with a zone are not called");
            return host.substring(1, host.length() - 1);
        }
        if (host.endsWith(".")) host = host.substring(0, host.length() - 1);
        String last = host.substring(host.lastIndexOf('.') + 1);
        if (NUMBER.matcher(last).matches() && !IPV4.matcher(host).matches()) {
            throw refused(url, "its host is no name, and no address in the usual spelling, such as 192.0.2.1");
        }
        return host;
    }

    private static String spelled(URI uri, String scheme, String host) {
        var spelled = new StringBuilder(scheme).append("://").append(host.contains(":") ? "[" + host + "]" : host);
        if (uri.getPort() >= 0) spelled.append(':').append(uri.getPort());
        String path = uri.getRawPath();
        spelled.append(path == null || path.isEmpty() ? "/" : path);
        if (uri.getRawQuery() != null) spelled.append('?').append(uri.getRawQuery());
        return spelled.toString();
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            // Its message would quote the URL with all that is secret in it.
            throw refused(url, "it is no valid URL: " + malformed.getReason() + " at position " + malformed.getIndex());
        }
    }

    private static Failure.Logic refused(String url, String why) {
        return new Failure.Logic("The URL " + Secrets.redactUrl(url) + " is refused: " + why + ".");
    }

    /**
     * Where a {@code Location} header leads from here.
     *
     * @throws Failure.Logic if to nothing that we call
     */
    Target to(String location) {
        try {
            // URI.resolve follows RFC 2396, which loses the last part of the path before a bare query.
            String whole = location.startsWith("?") ? uri.getRawPath() + location : location;
            return of(uri.resolve(new URI(whole)).toString());
        } catch (URISyntaxException malformed) {
            throw refused(location, "it is no valid URL: " + malformed.getReason());
        }
    }

    boolean sameOrigin(Target other) {
        return uri.getScheme().equals(other.uri.getScheme()) && host.equals(other.host) && port == other.port;
    }

    boolean isSecure() {
        return uri.getScheme().equals("https");
    }

    /** Whether the host is an address and no name. */
    boolean isAddress() {
        return host.contains(":") || IPV4.matcher(host).matches();
    }

    String query() {
        @Nullable String query = uri.getRawQuery();
        return query == null ? "" : query;
    }

    /** For records and messages. */
    String redacted() {
        return Secrets.redactUrl(uri.toString());
    }
}
