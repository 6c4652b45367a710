package dev.pawl.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tool gave back, as in the Model Context Protocol.
 *
 * @param error whether the tool itself says that it failed
 * @param content for people and models
 * @param structured the same for programs, if the tool has that
 */
public record ToolAnswer(
        boolean error, List<JsonNode> content, @Nullable JsonNode structured) {}
