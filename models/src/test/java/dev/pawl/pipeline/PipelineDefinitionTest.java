package dev.pawl.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.schedule.Every;
import dev.pawl.schedule.Timing;
import java.time.ZoneOffset;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What is no pipeline is refused when it is defined. */
class PipelineDefinitionTest {

    private static final Topic<String> IN = Lines.IN;
    private static final Topic<String> OUT = Topic.of("OUT", String.class);

    private static AbstractThrowableAssert<?, ?> refused(Pipeline.Definition definition) {
        return assertThatThrownBy(() -> Pipeline.define("p", definition)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void k71_a_pipeline_without_handlers() {
        refused(p -> {})
                .hasMessage("Pipeline \"p\" has neither a producer nor a consumer; it would never do anything.");
    }

    @Test
    @SuppressWarnings("NullAway") // as callers do whose code is not checked
    void k71_a_producer_without_a_schedule() {
        refused(p -> p.producer("poll", null, Integer.class, (out, cursor) -> cursor))
                .hasMessage("Producer \"poll\" has no schedule; say when it runs, such as Every.minutes(5).");
    }

    @Test
    void k71_publishing_to_no_topic() {
        refused(p -> p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> cursor)
                        .publishes())
                .hasMessage("Producer \"poll\" publishes to no topic; name at least one, or leave publishes(…) out.");
    }

    @Test
    void k71_a_consumer_without_prepare() {
        refused(p -> p.consumer("c", IN))
                .hasMessage(
                        "Consumer \"c\" has no prepare; say what it does with its messages: .prepare(Type.class, inbox -> …).");
    }

    @Test
    void k71_publishing_without_next() {
        refused(p -> p.consumer("c", IN)
                        .prepare(String.class, inbox -> Prepared.nothing())
                        .publishes(IN))
                .hasMessage("Consumer \"c\" publishes to [IN] and has no next, which is where it would publish.");
    }

    @Test
    void k71_a_topic_that_nobody_reads() {
        refused(p -> {
                    p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> cursor)
                            .publishes(OUT);
                    Lines.idle(p, "c", IN);
                })
                .hasMessage(
                        "Producer \"poll\" publishes to topic \"OUT\", which no consumer reads; the topics of this pipeline are [IN].");
    }

    @Test
    void k71_two_handlers_of_one_name() {
        refused(p -> {
                    Lines.idle(p, "c", IN);
                    Lines.idle(p, "c", OUT);
                })
                .hasMessage("Pipeline \"p\" has two handlers named \"c\"; their names are unique.");
    }

    @Test
    void k71_names_that_cannot_be() {
        refused(p -> Lines.idle(p, "a b", IN)).hasMessageContaining("There is a consumer named \"a b\"");
        assertThatThrownBy(() -> Topic.of("", String.class)).hasMessageContaining("There is a topic named \"\"");
        assertThatThrownBy(() -> Pipeline.define("p/q", p -> {}))
                .hasMessageContaining("There is a pipeline named \"p/q\"");
    }

    @Test
    void k51_a_bad_cron_expression() {
        refused(p -> p.producer(
                        "poll", Timing.cron("61 * * * *", ZoneOffset.UTC), Integer.class, (out, cursor) -> cursor))
                .hasMessageContaining("61");
    }
}
