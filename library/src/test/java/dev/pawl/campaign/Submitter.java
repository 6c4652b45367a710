package dev.pawl.campaign;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.TypedProgram;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** One thread of the load generator: submits, and later sends signals to what it submitted, or cancels it. */
final class Submitter implements Callable<Boolean> {

    /** Between two submissions, in milliseconds. */
    private static final int SHORTEST_WAIT = 20;

    private static final int LONGEST_WAIT = 250;
    private static final int BEFORE_ASKING_AGAIN = 100;

    /** One submission or signal in so many is sent again although it was acknowledged. */
    private static final int TWICE = 10;

    /** How many errands wait at most. */
    private static final int ERRANDS = 4;

    private static final int ALL = 10_000;
    private static final String ACTOR = "campaign";

    private final Load load;
    private final String prefix;
    private final SplittableRandom random;
    private final ArrayDeque<Call> errands = new ArrayDeque<>();

    /** @param programs to choose from; one that comes twice is chosen twice as often */
    record Load(Pawl client, List<TypedProgram<String, String>> programs, Submissions journal, CountDownLatch stop) {}

    /** Something that is done again until it is known to be done. */
    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }

    /** @param prefix of the keys of what it submits */
    Submitter(Load load, String prefix, SplittableRandom random) {
        this.load = load;
        this.prefix = prefix;
        this.random = random;
    }

    @Override
    public Boolean call() throws IOException, InterruptedException {
        for (int number = 0; load.stop().getCount() > 0; number++) {
            var program = load.programs().get(random.nextInt(load.programs().size()));
            submit(program, prefix + number);
            while (errands.size() > random.nextInt(ERRANDS)) untilDone(errands.poll());
            Countdown.rest(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT));
        }
        while (!errands.isEmpty()) untilDone(errands.poll());
        return true;
    }

    private void submit(TypedProgram<String, String> program, String key) throws IOException, InterruptedException {
        boolean toCancel = program.name().equals(CampaignJobs.UNDONE) && random.nextBoolean();
        String input = toCancel ? key + CampaignJobs.TO_CANCEL : key;
        load.journal().intended(key, program.name(), input);
        var run = new RunId[1];
        Call submit = () -> {
            run[0] = load.client().submit(program, input, Submit.once(key)).id();
            load.journal().acknowledged(key, run[0].toString());
        };
        untilDone(submit);
        if (random.nextInt(TWICE) == 0) untilDone(submit);
        if (toCancel) errands.add(() -> cancel(key, run[0]));
        if (!program.name().equals(CampaignJobs.LISTENING)) return;
        for (int i = 0; i < CampaignJobs.SIGNALS; i++) {
            String id = key + "." + i;
            errands.add(() -> signal(key, run[0], id));
        }
    }

    private void signal(String key, RunId run, String id) throws IOException {
        load.journal().signalled(key, id);
        var payload = new Json(Json.quote(id));
        load.client().signal(run, CampaignJobs.SIGNAL, payload, id, ACTOR);
        if (random.nextInt(TWICE) == 0) load.client().signal(run, CampaignJobs.SIGNAL, payload, id, ACTOR);
        load.journal().heard(key, id);
    }

    /** Whoever cancels a run that is being undone does not want it undone any more, so it looks first. */
    private void cancel(String key, RunId run) throws IOException {
        boolean cancelling = load.client().events(run, 0, ALL).stream()
                .map(Event::kind)
                .anyMatch(kind -> kind.equals("run.cancelling") || kind.equals("run.cancelled"));
        if (!cancelling) load.client().cancel(run, ACTOR, "");
        load.journal().cancelled(key);
    }

    /** Whoever gets no answer asks again, with the same key. */
    private static void untilDone(Call call) throws IOException, InterruptedException {
        while (true) {
            try {
                call.run();
                return;
            } catch (StoreException unavailable) {
                Countdown.rest(BEFORE_ASKING_AGAIN);
            }
        }
    }
}
