package dev.pawl.http;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A call as it is written down: nothing secret, nothing large, and the same for equal calls. */
final class Recorded {

    /** Bytes; of larger bodies only the hash is recorded, as a request is there to be compared and read by people. */
    static final int LARGEST_BODY = 64 * 1024;

    private Recorded() {}

    static Json of(HttpCall call) {
        var json = new StringBuilder("{\"method\":").append(Json.quote(call.method()));
        json.append(",\"url\":").append(Json.quote(call.target().redacted()));
        json.append(",\"headers\":{");
        String comma = "";
        for (var header : Secrets.redact(call.headers(), call.secretHeaders()).entrySet()) {
            json.append(comma).append(Json.quote(header.getKey())).append(':').append(Json.quote(header.getValue()));
            comma = ",";
        }
        json.append('}');
        String body = call.body();
        if (body != null)
            json.append(",\"body\":").append(body(body, call.headers().get("content-type")));
        return new Json(json.append('}').toString());
    }

    private static String body(String body, @Nullable String contentType) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LARGEST_BODY) {
            return "{\"sha256\":" + Json.quote(Hash.of(bytes)) + ",\"size\":" + bytes.length + "}";
        }
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded")) return Json.quote(Secrets.redactQuery(body));
        if (!type.contains("json")) return Json.quote(body);
        try {
            return Codec.STANDARD.compact(body).text();
        } catch (Failure.Logic notJson) {
            return Json.quote(body);
        }
    }
}
