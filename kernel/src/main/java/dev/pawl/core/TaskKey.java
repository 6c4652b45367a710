package dev.pawl.core;

/**
 * The identity of a task: {@code name[index]} of a run. Unique, so that expanding a map twice creates nothing twice.
 *
 * @param index 0-based place within the step; 0 for a step of one task
 */
public record TaskKey(RunId run, String name, int index) {

    /** Names starting with this are the kernel's own. */
    public static final String KERNEL_PREFIX = "~";

    /** The durable timer that ends a run at its deadline. */
    public static final String DEADLINE = KERNEL_PREFIX + "deadline";

    /** Ends a run with success that was paused when its last task succeeded. */
    public static final String SUCCEED = KERNEL_PREFIX + "succeed";

    /** Ends a run with failure that was paused when a task failed it. */
    public static final String FAIL = KERNEL_PREFIX + "fail";

    /** Tells a run that a child of it has ended; its index is the child's number. */
    public static final String CHILD = KERNEL_PREFIX + "child";

    /** Tells a run that its parent was cancelled or has failed. */
    public static final String PARENT = KERNEL_PREFIX + "parent";

    /** Where it is kept whether a run may be submitted; never created. */
    public static final String SUBMIT = KERNEL_PREFIX + "submit";

    /** Whether the kernel itself does this task. */
    public boolean kernels() {
        return name.startsWith(KERNEL_PREFIX);
    }

    /** {@code name[index]}. */
    public String label() {
        return name + '[' + index + ']';
    }

    @Override
    public String toString() {
        return run + "/" + label();
    }
}
