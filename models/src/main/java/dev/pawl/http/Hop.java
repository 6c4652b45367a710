package dev.pawl.http;

import dev.pawl.core.Failure;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request of a call: the first, or one after a redirect.
 *
 * @param changed whether a redirect has turned it into a GET: the change that was asked for may have happened before
 */
record Hop(
        String method,
        Target target,
        Map<String, String> headers,
        @Nullable String body,
        boolean changed) {

    /** Whether an answer with this status leads somewhere else, if it says where. */
    static boolean redirects(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * The request after a redirect, as browsers do it (the Fetch standard, "HTTP-redirect fetch"): with another origin
     * credentials are left behind, for good.
     *
     * @throws Failure.Logic if it leads to nothing that may be called
     */
    Hop redirected(HttpCall call, int status, String location) {
        Target next = target.to(location);
        if (target.isSecure() && !next.isSecure()) {
            throw new Failure.Logic(call + " was redirected from https to " + next.redacted()
                    + ", where everybody could read along. That is not followed.");
        }
        boolean toGet = (status == 303 && !method.equals("HEAD") && !method.equals("GET"))
                || ((status == 301 || status == 302) && method.equals("POST"));
        var kept = new TreeMap<>(headers);
        if (!target.sameOrigin(next)) {
            kept.keySet()
                    .removeIf(
                            name -> Secrets.header(name) || call.secretHeaders().contains(name));
        }
        if (toGet) kept.keySet().removeIf(name -> name.startsWith("content-"));
        return new Hop(toGet ? "GET" : method, next, kept, toGet ? null : body, changed || toGet);
    }

    /** Whether a change was certainly not made by a server that answers this. */
    boolean refusedBy(int status) {
        if (changed) return false;
        return switch (status) {
            // Not in time; or, with an idempotency key, the same request is still being worked on.
            case 408, 409 -> false;
            case 301, 302, 307, 308 -> true;
            default -> status >= 400 && status < 500;
        };
    }
}
