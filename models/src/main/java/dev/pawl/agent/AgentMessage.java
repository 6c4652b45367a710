package dev.pawl.agent;

import dev.pawl.core.Json;
import dev.pawl.schema.Envelopes;

/**
 * A message to another agent, in one of the {@linkplain Envelopes known envelopes}.
 *
 * @param to the agent
 * @param type the type of the envelope
 * @param envelope the message, which fits the type
 */
public record AgentMessage(String to, String type, Json envelope) {

    /** @throws dev.pawl.core.Failure.Logic if there is no such type, or the envelope does not fit it */
    public AgentMessage {
        Envelopes.orThrow(type, envelope);
    }
}
