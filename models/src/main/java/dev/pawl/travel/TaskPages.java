package dev.pawl.travel;

import dev.pawl.core.TaskDetails;
import dev.pawl.spi.History;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tasks of a run, read a page at a time: those of a map end nearly in their order. Bounded. Not thread-safe. */
public final class TaskPages {

    private static final int PAGE = 500;
    private static final int KEPT = 8;

    private final History history;
    private final Map<Key, Map<Integer, TaskDetails>> pages = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(String name, int page) {}

    public TaskPages(History history) {
        this.history = history;
    }

    /** A task; null if there is none. */
    public @Nullable TaskDetails find(String name, int index) {
        var key = new Key(name, index / PAGE);
        var page = pages.get(key);
        if (page == null) {
            page = read(key);
            pages.put(key, page);
            if (pages.size() > KEPT) pages.remove(pages.keySet().iterator().next());
        }
        return page.get(index);
    }

    private Map<Integer, TaskDetails> read(Key key) {
        var page = new LinkedHashMap<Integer, TaskDetails>();
        int from = key.page() * PAGE;
        List<TaskDetails> found = history.tasks(key.name(), from, PAGE);
        for (TaskDetails task : found) {
            int index = task.task().key().index();
            if (index < from + PAGE) page.put(index, task);
        }
        return page;
    }
}
