package dev.pawl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is another graph, and what is the same one written otherwise. */
class ShapeTest {

    record Amount(int value) {}

    private static final Graph<Amount> GRAPH = Graph.define("amounts", Amount.class, g -> {
        var look = g.node("look", (state, io) -> state);
        var low = g.node("low", (state, io) -> state);
        var high = g.node("high", (state, io) -> state);
        g.start(look);
        look.when("small", state -> state.value() < 10, low)
                .when("large", state -> state.value() > 20, high)
                .otherwiseEnd();
        low.end();
        high.end();
    });

    private static Graph<Amount> other(String small, String large) {
        return Graph.define("amounts", Amount.class, g -> {
            var high = g.node("high", (state, io) -> state);
            var low = g.node("low", (state, io) -> state);
            var look = g.node("look", (state, io) -> state);
            g.start(look);
            look.when(large, state -> state.value() > 20, high)
                    .when(small, state -> state.value() < 10, low)
                    .otherwiseEnd();
            low.end();
            high.end();
        });
    }

    @Test
    void the_order_of_nodes_and_edges_means_nothing() {
        assertThat(other("small", "large").differences(GRAPH.shape())).isEmpty();
    }

    @Test
    void other_names_of_edges_are_another_shape() {
        assertThat(other("small", "big").differences(GRAPH.shape()))
                .containsExactly(
                        "nodes/look/edges/large is gone; it was {\"name\":\"large\",\"to\":\"high\"}.",
                        "nodes/look/edges/big is new: {\"name\":\"big\",\"to\":\"high\"}.");
    }

    @Test
    void edges_that_lead_elsewhere_are_another_shape() {
        assertThat(other("large", "small").differences(GRAPH.shape()))
                .containsExactly(
                        "nodes/look/edges/large/to was \"high\" and is now \"low\".",
                        "nodes/look/edges/small/to was \"low\" and is now \"high\".");
    }
}
