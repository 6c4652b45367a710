package dev.pawl.campaign;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.TypedProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Submits what the programs are to do, and journals each submission before it is sent. */
final class Load implements AutoCloseable {

    private static final int SUBMITTERS = 4;

    /** Between two submissions of one submitter, in milliseconds. */
    private static final int SHORTEST_WAIT = 20;

    private static final int LONGEST_WAIT = 250;
    private static final int BEFORE_ASKING_AGAIN = 100;

    /** One submission in so many is sent again although it was acknowledged. */
    private static final int TWICE = 10;

    private final Pawl client;
    private final List<TypedProgram<String, String>> programs;
    private final Submissions journal;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            SUBMITTERS, Thread.ofPlatform().daemon().factory());
    private final List<Future<Integer>> submitters = new ArrayList<>();
    private volatile boolean stopping;

    /** @param programs to choose from; one that comes twice is chosen twice as often */
    Load(Pawl client, List<TypedProgram<String, String>> programs, Submissions journal) {
        this.client = client;
        this.programs = programs;
        this.journal = journal;
    }

    void start(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < SUBMITTERS; i++) submitters.add(threads.submit(submitter("k" + i + "-", random.split())));
    }

    /** Stops when all that was sent is acknowledged, and says how much it was. */
    int finish() throws InterruptedException, ExecutionException {
        stopping = true;
        int submitted = 0;
        for (Future<Integer> submitter : submitters) submitted += submitter.get();
        return submitted;
    }

    private Callable<Integer> submitter(String prefix, SplittableRandom random) {
        return () -> {
            int submitted = 0;
            while (!stopping) {
                var program = programs.get(random.nextInt(programs.size()));
                var key = prefix + submitted++;
                journal.intended(key, program.name(), key);
                submit(program, key);
                if (random.nextInt(TWICE) == 0) submit(program, key);
                Countdown.rest(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT));
            }
            return submitted;
        };
    }

    /** Whoever gets no answer asks again with the same key. */
    private void submit(TypedProgram<String, String> program, String key) throws IOException, InterruptedException {
        while (true) {
            try {
                var run = client.submit(program, key, Submit.once(key)).id();
                journal.acknowledged(key, run.toString());
                return;
            } catch (StoreException unavailable) {
                Countdown.rest(BEFORE_ASKING_AGAIN);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
