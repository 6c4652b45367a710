package dev.pawl.io;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.JsonSchema;
import java.util.Optional;

/** A kind of call whose answers have to fit a schema. */
record Expecting<Q, R>(Connector<Q, R> to, JsonSchema schema) implements Connector<Q, R> {

    @Override
    public String kind() {
        return to.kind();
    }

    @Override
    public Json request(Q request) {
        return to.request(request);
    }

    @Override
    public TypeRef<R> response() {
        return to.response();
    }

    @Override
    public R call(Q request, Context context) throws Exception {
        R answer = to.call(request, context);
        if (context.key() == null) {
            schema.require(
                    "The answer of " + kind(), Codec.STANDARD.write(answer, response(), "The answer of " + kind()));
        }
        return answer;
    }

    @Override
    public boolean canTell() {
        return to.canTell();
    }

    @Override
    public Optional<R> find(Q request, String key) throws Exception {
        return to.find(request, key);
    }
}
