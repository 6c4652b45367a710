package dev.pawl.flow;

/** A flow cannot be defined like this. The message names the flow and the step, and says what to do. */
public final class DefinitionException extends RuntimeException {

    DefinitionException(String message) {
        super(message);
    }
}
