package dev.pawl.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.RunId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private final FairQueue queue = new FairQueue(1_000);

    private Entry entry(long run, String comment) {
        return new Entry.Command(new RunId(0, run), Entry.Verb.PAUSE, "", comment, new CompletableFuture<>());
    }

    private static List<String> comments(List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry.run().low() + ((Entry.Command) entry).comment())
                .toList();
    }

    @Test
    void a_short_run_does_not_wait_behind_a_wide_one() throws Exception {
        for (int i = 0; i < 5; i++) queue.add(entry(1, "-" + i));
        queue.add(entry(2, "-0"));
        queue.add(entry(3, "-0"));
        assertThat(comments(queue.take(4, 2))).containsExactly("1-0", "1-1", "2-0", "3-0");
        queue.add(entry(4, "-0"));
        assertThat(comments(queue.take(10, 2))).containsExactly("1-2", "1-3", "4-0");
        assertThat(comments(queue.take(10, 2))).containsExactly("1-4");
    }

    @Test
    void a_run_that_is_alone_for_a_while_gets_whole_batches_until_another_comes() throws Exception {
        for (int i = 0; i < 100; i++) queue.add(entry(1, "-" + i));
        for (int batch = 0; batch < 16; batch++) assertThat(queue.take(10, 2)).hasSize(2);
        assertThat(queue.take(10, 2)).hasSize(10);
        queue.add(entry(2, "-0"));
        assertThat(comments(queue.take(10, 2))).containsExactly("1-42", "1-43", "2-0");
        assertThat(queue.take(10, 2)).hasSize(2);
    }

    @Test
    void those_who_were_not_reached_come_first_next_time() throws Exception {
        for (int run = 1; run <= 3; run++) {
            for (int i = 0; i < 3; i++) queue.add(entry(run, "-" + i));
        }
        assertThat(comments(queue.take(2, 1))).containsExactly("1-0", "2-0");
        assertThat(comments(queue.take(3, 1))).containsExactly("3-0", "1-1", "2-1");
    }

    @Test
    void a_closed_queue_refuses_more_and_gives_what_is_left() throws Exception {
        queue.add(entry(1, ""));
        queue.close();
        assertThatThrownBy(() -> queue.add(entry(1, ""))).hasMessageContaining("closed");
        assertThat(queue.take(10, 10)).hasSize(1);
        assertThat(queue.take(10, 10)).isEmpty();
    }

    @Test
    void who_adds_to_a_full_queue_waits_for_room() throws Exception {
        var small = new FairQueue(1);
        small.add(entry(1, "-0"));
        var waiting = Thread.ofPlatform().start(() -> {
            try {
                small.add(entry(2, "-0"));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(comments(small.take(1, 1))).containsExactly("1-0");
        assertThat(comments(small.take(1, 1))).containsExactly("2-0");
        waiting.join();
    }
}
