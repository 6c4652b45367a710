package dev.pawl.schema;

import tools.jackson.databind.JsonNode;

/** Stub. */
public final class JsonSchema {
    public void require(String what, JsonNode value) {}

    public void require(String what, dev.pawl.core.Json value) {}
}
