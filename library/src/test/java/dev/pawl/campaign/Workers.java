package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Worker processes: starts them and does to them what befalls processes. Everything is told to the ledger, so that one order
 * holds for it and for what they did. For one thread at a time.
 */
final class Workers implements AutoCloseable {

    private static final int SECONDS_TO_DIE = 30;

    /** What a worker says of itself when it is up. */
    static final String WORKS = " works on ";

    private final Class<?> main;
    private final IntFunction<List<String>> arguments;
    private final LedgerClient ledger;
    private final Path folder;
    private final List<Worker> alive = new ArrayList<>();
    private int started;

    /** A process, and what the ledger knows it by. */
    record Worker(String name, Process process) {}

    /**
     * None yet.
     *
     * @param main the class that each of them runs
     * @param arguments of the worker with a number
     * @param folder for what they say
     */
    Workers(Class<?> main, IntFunction<List<String>> arguments, LedgerClient ledger, Path folder) {
        this.main = main;
        this.arguments = arguments;
        this.ledger = ledger;
        this.folder = folder;
    }

    /** Those that were started and not killed. */
    List<Worker> alive() {
        return List.copyOf(alive);
    }

    /** Those among them that ended although nobody killed them; what they said is in the folder. */
    List<Worker> ended() {
        return alive.stream().filter(worker -> !worker.process.isAlive()).toList();
    }

    /** Whether all of them have opened the database; they say so in their logs. */
    boolean areAllUp() {
        return alive.stream().allMatch(worker -> {
            try {
                return Files.readString(log(worker)).contains(worker.name + WORKS);
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private Path log(Worker worker) {
        return folder.resolve("worker-" + worker.name.substring(0, worker.name.indexOf('-')) + ".log");
    }

    Worker start() throws IOException {
        int number = ++started;
        var log = folder.resolve("worker-" + number + ".log");
        var process = JavaProcess.of(main, log, arguments.apply(number))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var worker = new Worker(CampaignWorker.name(number, process.pid()), process);
        alive.add(worker);
        return worker;
    }

    /** As by {@code kill -9}; it is told once nothing can come from it any more. */
    void kill(Worker worker) throws IOException, InterruptedException {
        alive.remove(worker);
        if (!worker.process.destroyForcibly().waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
            throw new IOException("Worker " + worker.name + " does not die.");
        }
        ledger.tell(LedgerEntry.of(What.KILLED, worker.name));
    }

    /** As by {@code kill}: it may hand over what it does, and ends. */
    void terminate(Worker worker) throws IOException, InterruptedException {
        alive.remove(worker);
        ledger.tell(LedgerEntry.of(What.TERMINATED, worker.name));
        worker.process.destroy();
        if (!worker.process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
            throw new IOException("Worker " + worker.name + " does not end.");
        }
        ledger.tell(LedgerEntry.of(What.KILLED, worker.name));
    }

    /** Lets it stand still until {@link #resume}. */
    void stop(Worker worker) throws IOException, InterruptedException {
        signal("-STOP", worker);
        ledger.tell(LedgerEntry.of(What.STOPPED, worker.name));
    }

    /** It is told before it goes on, so that whatever it does then comes later. */
    void resume(Worker worker) throws IOException, InterruptedException {
        ledger.tell(LedgerEntry.of(What.CONTINUED, worker.name));
        signal("-CONT", worker);
    }

    private static void signal(String signal, Worker worker) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", signal, Long.toString(worker.process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) throw new IOException("kill " + signal + " failed for worker " + worker.name);
    }

    /** Kills all that are left, whatever they are doing. */
    @Override
    public void close() {
        alive.forEach(worker -> worker.process.destroyForcibly());
        alive.clear();
    }
}
