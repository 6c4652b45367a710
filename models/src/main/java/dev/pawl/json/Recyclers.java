package dev.pawl.json;

import java.util.concurrent.atomic.AtomicReferenceArray;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * The buffers that Jackson reads and writes with, so that they are not allocated for every small document. Jackson's own
 * pool is one linked list for all threads, which with many virtual threads took a tenth of the processor time of a graph.
 * Here each thread looks at a place that few others look at; finding it empty, or full, is fine. Bounded by its places.
 * Thread-safe.
 */
@SuppressWarnings("ImmutableEnumChecker") // a pool is what changes
enum Recyclers implements RecyclerPool<BufferRecycler> {
    SHARED;

    private static final int PLACES = 64;

    private final transient AtomicReferenceArray<BufferRecycler> places = new AtomicReferenceArray<>(PLACES);

    @Override
    public BufferRecycler acquirePooled() {
        var kept = places.getAndSet(place(), null);
        return kept == null ? new BufferRecycler() : kept;
    }

    @Override
    public void releasePooled(BufferRecycler free) {
        places.lazySet(place(), free);
    }

    private static int place() {
        return (int) Thread.currentThread().threadId() & (PLACES - 1);
    }
}
