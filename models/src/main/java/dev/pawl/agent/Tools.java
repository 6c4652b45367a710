package dev.pawl.agent;

import dev.pawl.core.Json;
import dev.pawl.io.Connector;
import dev.pawl.json.TypeRef;

/** Tools that are called from outside, through whatever protocol: {@code io.call("search", tools, new ToolCall(…))}. */
@FunctionalInterface
public interface Tools extends Connector<ToolCall, ToolAnswer> {

    @Override
    default String kind() {
        return "tool";
    }

    @Override
    default Json request(ToolCall call) {
        return new Json("{\"server\":" + Json.quote(call.server()) + ",\"tool\":" + Json.quote(call.tool())
                + ",\"arguments\":" + call.arguments().text() + "}");
    }

    @Override
    default TypeRef<ToolAnswer> response() {
        return TypeRef.of(ToolAnswer.class);
    }
}
