package dev.pawl.flow;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Containment;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A condition on a source. */
sealed interface Guard {

    /** Asked by user code about the typed value. */
    record When<T>(Condition<? super T> condition) implements Guard {
        @SuppressWarnings({"unchecked", "NullAway"}) // it was read with the type of the source that carries this guard
        boolean holds(@Nullable Object value) throws Exception {
            return condition.test((T) value);
        }

        @Override
        public String toString() {
            return "when";
        }
    }

    /** Asked about the JSON; a source that is missing contains nothing. */
    record Matching(JsonNode pattern, boolean negated) implements Guard {
        static Matching of(String pattern, boolean negated) {
            JsonNode tree;
            try {
                tree = Codec.STANDARD.tree(new Json(pattern));
            } catch (Failure.Logic e) {
                throw new DefinitionException("The pattern " + pattern + " is not valid JSON.");
            }
            if (!tree.isObject()) {
                throw new DefinitionException(
                        "The pattern " + pattern + " is not a JSON object, such as {\"role\":\"admin\"}.");
            }
            return new Matching(tree, negated);
        }

        boolean holds(@Nullable Json value) {
            return negated != (value != null && Containment.contains(Codec.STANDARD.tree(value), pattern));
        }

        @Override
        public String toString() {
            return (negated ? "not matching " : "matching ") + pattern;
        }
    }
}
