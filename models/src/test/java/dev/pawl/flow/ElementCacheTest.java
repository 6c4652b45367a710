package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.RunId;
import dev.pawl.json.Elements;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ElementCacheTest {

    private final AtomicInteger found = new AtomicInteger();

    private Elements list() {
        found.incrementAndGet();
        return Elements.of("[1,2,3]");
    }

    private static ElementCache.Key key(int run) {
        return new ElementCache.Key(new RunId(0, run), "list");
    }

    @Test
    void a_list_that_many_tasks_want_at_once_is_found_once() throws Exception {
        var cache = new ElementCache(1_000_000);
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> cache.get(key(1), this::list).size());
            }
            for (var size : tasks.invokeAll(calls)) assertThat(size.get()).isEqualTo(3);
        }
        assertThat(found).hasValue(1);
    }

    @Test
    void what_was_not_used_for_longest_goes_first() {
        var cache = new ElementCache(2 * list().bytes());
        found.set(0);
        cache.get(key(1), this::list);
        cache.get(key(2), this::list);
        cache.get(key(1), this::list);
        cache.get(key(3), this::list);
        assertThat(found).hasValue(3);
        cache.get(key(1), this::list);
        assertThat(found).hasValue(3);
        cache.get(key(2), this::list);
        assertThat(found).hasValue(4);
    }

    @Test
    void a_list_larger_than_the_cache_is_kept_as_the_only_one() {
        var cache = new ElementCache(1);
        cache.get(key(1), this::list);
        cache.get(key(1), this::list);
        assertThat(found).hasValue(1);
        cache.get(key(2), this::list);
        cache.get(key(1), this::list);
        assertThat(found).hasValue(3);
    }

    @Test
    void a_list_that_could_not_be_found_is_looked_for_again() {
        var cache = new ElementCache(1_000);
        assertThatThrownBy(() -> cache.get(key(1), () -> {
                    throw new IllegalArgumentException("gone");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(cache.get(key(1), this::list).size()).isEqualTo(3);
    }
}
