package dev.pawl.cli;

/** What is to be done if this process is told to end while something is under way. */
final class WhenInterrupted implements AutoCloseable {

    private final Thread hook;

    private WhenInterrupted(Thread hook) {
        this.hook = hook;
    }

    /** From now on, until closed. */
    static WhenInterrupted run(Runnable work) {
        var hook = new Thread(work, "pawl-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return new WhenInterrupted(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException interrupted) {
            // it is being done
        }
    }
}
