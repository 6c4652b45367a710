package dev.pawl.agent;

import dev.pawl.core.Json;
import dev.pawl.io.Connector;
import dev.pawl.json.TypeRef;
import tools.jackson.databind.JsonNode;

/** Other agents, reached through whatever protocol: {@code io.once("ask", agents, new AgentMessage(…))}. */
@FunctionalInterface
public interface Agents extends Connector<AgentMessage, JsonNode> {

    @Override
    default String kind() {
        return "agent";
    }

    @Override
    default Json request(AgentMessage message) {
        return new Json("{\"to\":" + Json.quote(message.to()) + ",\"type\":" + Json.quote(message.type())
                + ",\"envelope\":" + message.envelope().text() + "}");
    }

    @Override
    default TypeRef<JsonNode> response() {
        return TypeRef.of(JsonNode.class);
    }
}
