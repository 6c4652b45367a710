package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.spi.Result;
import java.util.Locale;
import java.util.regex.Pattern;

/** The details of events, as JSON. */
final class EventData {

    private EventData() {}

    /** Where a run comes from. */
    static Json origin(Entry.Origin origin) {
        var data = new StringBuilder("{\"actor\":").append(Json.quote(origin.actor()));
        if (origin.parent() != null) {
            data.append(",\"parent\":\"").append(origin.parent()).append('"');
        }
        if (origin.label() != null) data.append(",\"label\":").append(Json.quote(origin.label()));
        if (origin.link() != null) {
            data.append(",\"")
                    .append(origin.link().name().toLowerCase(Locale.ROOT))
                    .append("Of\":\"")
                    .append(origin.retryOf())
                    .append('"');
        }
        return new Json(data.append('}').toString());
    }

    private static final Pattern ACTOR = Pattern.compile("\\{\"actor\":" + Json.QUOTED + ".*");

    /** Who it was, of an event that begins with it. */
    static String actor(Json data) {
        var matcher = ACTOR.matcher(data.text());
        return matcher.matches() ? Json.unquote(matcher.group(1)) : "";
    }

    /** Who wants it, and why. */
    static String by(String actor, String comment) {
        return "{\"actor\":" + Json.quote(actor) + comment(comment) + "}";
    }

    private static String comment(String comment) {
        return comment.isEmpty() ? "" : ",\"comment\":" + Json.quote(comment);
    }

    /** A further part that says when something is due, unless that is never. */
    static String until(long wakeAt) {
        return wakeAt >= Result.NEVER ? "" : ",\"until\":" + wakeAt;
    }

    static Json migration(Entry.Migration to) {
        return new Json("{\"actor\":" + Json.quote(to.actor()) + comment(to.comment()) + ",\"version\":"
                + Json.quote(to.program().version()) + "}");
    }

    static Json signal(Entry.Signal signal) {
        return new Json("{\"name\":" + Json.quote(signal.name()) + ",\"actor\":" + Json.quote(signal.actor())
                + (signal.id() == null ? "" : ",\"id\":" + Json.quote(signal.id())) + "}");
    }

    static Json resolution(Entry.Resolution said) {
        return new Json("{\"name\":" + Json.quote(said.effect().name()) + ",\"ordinal\":"
                + said.effect().ordinal() + ",\"status\":\"" + said.to() + "\",\"actor\":"
                + Json.quote(said.actor()) + comment(said.comment()) + "}");
    }

    /** What somebody said who was asked. */
    static Json answer(Entry.Resolution said) {
        return new Json("{\"name\":" + Json.quote(said.effect().name()) + ",\"actor\":" + Json.quote(said.actor())
                + comment(said.comment()) + "}");
    }
}
