package dev.pawl.agent;

import dev.pawl.core.Json;

/**
 * A call of a tool, as in the Model Context Protocol.
 *
 * @param server which server has the tool
 * @param tool its name there
 * @param arguments a JSON object; nothing secret
 */
public record ToolCall(String server, String tool, Json arguments) {}
