package dev.pawl.campaign;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The load generator, in a process of its own: submits what the programs are to do, and journals each submission before it
 * is sent.
 */
final class LoadProcess implements AutoCloseable {

    private static final int SUBMITTERS = 4;

    /** How long it may take until all that was sent is acknowledged, in seconds. */
    private static final int PATIENCE = 60;

    private static final String JOURNAL = "submissions";
    private static final String SCHEDULES = "schedules";
    private static final String UP = "submits";

    private final Process process;
    private final Path journal;

    private LoadProcess(Process process, Path journal) {
        this.process = process;
        this.journal = journal;
    }

    // ---- seen from outside ----------------------------------------------------------------------------------------

    /**
     * Starts one that writes to files in this folder; it submits from now on.
     *
     * @param time how long schedules fire
     */
    static LoadProcess start(Path folder, String url, Path artifacts, long seed, Duration time) throws IOException {
        var journal = folder.resolve(JOURNAL);
        var log = folder.resolve("load.log");
        var arguments = List.of(
                folder.toString(), url, artifacts.toString(), Long.toString(seed), Long.toString(time.toMillis()));
        var process = JavaProcess.of(LoadProcess.class, log, arguments).start();
        if (!UP.equals(process.inputReader(StandardCharsets.UTF_8).readLine())) {
            process.destroyForcibly();
            throw new IOException("The load generator did not start: see " + log);
        }
        return new LoadProcess(process, journal);
    }

    /** The schedules that it added when it started. */
    List<Timetables.Plan> schedules() throws IOException {
        return CampaignSchedules.in(journal.resolveSibling(SCHEDULES));
    }

    /** Stops it when all that was sent is acknowledged, and answers what it was. */
    List<Submission> finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("The load generator did not come to its end well: see its log beside " + journal);
        }
        return Submissions.in(journal);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- inside the process ---------------------------------------------------------------------------------------

    /**
     * Submits until its standard input ends, which also happens when its parent dies.
     *
     * @param arguments the folder for its journals, the database, the folder for artifacts, the seed, and how long
     *     schedules fire, in milliseconds
     */
    public static void main(String[] arguments) throws Exception {
        var programs = CampaignPrograms.all(Effects.none());
        var settings = Settings.CLIENT.artifacts(Path.of(arguments[2])).limits(CampaignPrograms.QUEUE_LIMIT);
        try (var client = Pawl.open(arguments[1], settings, programs);
                var threads = Executors.newFixedThreadPool(SUBMITTERS)) {
            var folder = Path.of(arguments[0]);
            CampaignSchedules.add(
                    client,
                    CampaignPrograms.named(programs, CampaignPrograms.TICK),
                    folder.resolve(SCHEDULES),
                    Duration.ofMillis(Long.parseLong(arguments[4])));
            var load = new Submitter.Load(
                    client,
                    CampaignPrograms.often(programs),
                    new Submissions(folder.resolve(JOURNAL)),
                    new CountDownLatch(1));
            var random = new SplittableRandom(Long.parseLong(arguments[3]));
            var submitters = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < SUBMITTERS; i++) {
                submitters.add(threads.submit(new Submitter(load, "k" + i + "-", random.split())));
            }
            System.out.println(UP);
            while (System.in.read() >= 0) {}
            load.stop().countDown();
            for (var submitter : submitters) submitter.get();
        }
    }
}
