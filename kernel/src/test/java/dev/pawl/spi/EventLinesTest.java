package dev.pawl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import org.junit.jupiter.api.Test;

class EventLinesTest {

    @Test
    void events_come_back_as_they_were_numbered_on() {
        var lines = new EventLines();
        lines.add("run.started", null, new Json("{}"));
        lines.add("task.started", "split[0]", new Json("{\"note\":\"a b c\"}"));
        assertThat(lines.count()).isEqualTo(2);
        assertThat(EventLines.parse(5, 99, lines.body()))
                .containsExactly(
                        new Event(5, 99, "run.started", null, new Json("{}")),
                        new Event(6, 99, "task.started", "split[0]", new Json("{\"note\":\"a b c\"}")));
    }
}
