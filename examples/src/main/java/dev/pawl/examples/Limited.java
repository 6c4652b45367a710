package dev.pawl.examples;

import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.engine.Submit;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.flow.Flow;
import java.util.List;

/**
 * Queues with limits: at most two of these tasks run at once, over all workers, and at most one of each tenant, so that
 * nobody who submits a thousand keeps the others waiting.
 */
public final class Limited {

    static final String QUEUE = "printer";

    /** The flow. Its input is what to print. */
    public static final Flow<String, String> FLOW = Flow.define(
                    "limited", String.class, (f, text) -> f.step("print", String.class, text, Limited::print))
            .queue(QUEUE);

    private static final int MILLIS_PER_PAGE = 50;

    private Limited() {}

    /** A worker on the queue declares its limits; the newest declaration counts for all workers. */
    public static Settings settings() {
        return Settings.DEFAULT
                .worker(WorkerSettings.DEFAULT.queues(List.of(QUEUE)))
                .limits(QueueLimit.running(QUEUE, 2).andPerKey(1));
    }

    /** Prints for a tenant; what is urgent goes first. */
    public static Handle<String> print(Pawl pawl, String tenant, String text, boolean urgent) {
        return pawl.submit(FLOW, text, Submit.NOW.on(tenant).priority(urgent ? Priority.HIGH : Priority.NORMAL));
    }

    private static String print(String text) throws InterruptedException {
        Thread.sleep(MILLIS_PER_PAGE);
        return "printed " + text;
    }
}
