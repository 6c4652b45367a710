package dev.pawl.examples;

import dev.pawl.core.Retry;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Hashing;
import dev.pawl.schema.JsonSchema;
import java.time.Duration;
import java.util.List;

/** How a graph is treated: what it takes, how often it tries, how long it may take, and how much of it is proved. */
public final class Careful {

    /** @param left the texts whose words are not counted yet */
    public record Tally(List<String> left, int words) {
        Tally next(int counted) {
            return new Tally(left.subList(1, left.size()), words + counted);
        }
    }

    private static final JsonSchema SOME_TEXTS = JsonSchema.of("""
            {"type": "object", "required": ["left"],
             "properties": {"left": {"type": "array", "minItems": 1, "items": {"type": "string"}}}}
            """);

    private static final JsonSchema COUNTED = JsonSchema.of("""
            {"properties": {"words": {"type": "integer", "minimum": 0}}}
            """);

    /** The graph. */
    public static final Graph<Tally> GRAPH = Graph.define("careful", Tally.class, g -> {
                g.input(SOME_TEXTS);
                g.maxSteps(500);
                g.deadline(Duration.ofMinutes(10));
                var count = g.node("count", (t, io) -> {
                            var text = t.left().getFirst();
                            return t.next(io.call("words", text, Integer.class, it -> it.split("\\s+").length));
                        })
                        .retry(Retry.times(5).cap(Duration.ofMinutes(1)))
                        .timeout(Duration.ofSeconds(30))
                        .output(COUNTED);
                g.start(count);
                count.when("more", t -> !t.left().isEmpty(), count).otherwiseEnd();
            })
            .version("2")
            .hashing(Hashing.TWICE);

    private Careful() {}
}
