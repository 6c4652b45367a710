package dev.pawl.flow;

import dev.pawl.core.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run of a flow has come, read from its state alone.
 *
 * @param steps those that have begun or were skipped, in their order; the others wait
 */
public record FlowProgress(List<OfStep> steps) {

    /**
     * How far a step has come.
     *
     * @param status {@code checking}, {@code running}, {@code succeeded}, {@code failed} or {@code skipped}
     * @param done how many of its tasks succeeded
     * @param failed how many failed for good
     * @param running how many are open: waiting for a worker, or running
     * @param total how many there will be
     */
    public record OfStep(String name, String status, int done, int failed, int running, int total) {}

    /** The progress that a state tells of. */
    public static FlowProgress of(Json state) {
        var steps = new ArrayList<OfStep>();
        StateText.read(state, new StateText.Reader() {
            @Override
            public void step(String name, StepState step) {
                steps.add(progress(name, step));
            }

            @Override
            public void run(int size, @Nullable Json problem) {}
        });
        return new FlowProgress(List.copyOf(steps));
    }

    private static OfStep progress(String name, StepState step) {
        String status = step.status().word;
        if (step.made() > 0) {
            boolean open = step.isOpen();
            return new OfStep(name, status, step.done(), step.failed(), open ? step.open() : 0, step.size());
        }
        return switch (step.status()) {
            case CHECKING, RUNNING -> new OfStep(name, status, 0, 0, 1, 1);
            case SUCCEEDED -> new OfStep(name, status, 1, 0, 0, 1);
            case FAILED -> new OfStep(name, status, 0, 1, 0, 1);
            case SKIPPED, WAITING -> new OfStep(name, status, 0, 0, 0, 0);
        };
    }
}
