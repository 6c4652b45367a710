package dev.pawl.campaign;

import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Refused;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.spi.Tx;
import dev.pawl.tape.Notes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The one who is asked when nobody knows: looks into the ledger, and says what is there. Where the ledger can be asked by
 * machines, sometimes says that they should ask once more. And who pauses pipelines for a moment now and then, and lets other
 * versions of them take over, at any time.
 */
final class MutationPerson implements AutoCloseable {

    private static final int PAUSE_MILLIS = 50;

    /** One in so many is asked once more. */
    private static final int AGAIN = 3;

    /** One look in so many at a run that goes on disturbs it. */
    private static final int RARELY = 200;

    private static final String ACTOR = "ann";

    /** What may hold a pipeline here; anything else is a fault. */
    private static final Set<Reason> KNOWN = EnumSet.of(Reason.INDETERMINATE, Reason.PERMISSION, Reason.FAILING);

    private final Pawl pawl;
    private final List<RunId> runs;
    private final List<Pipeline> pipelines;
    private final MoodyLedger ledger;
    private final SplittableRandom random;
    private final Map<String, Integer> deeds = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile Throwable fault;

    /**
     * Begins at once.
     *
     * @param runs of the pipelines, in their order
     * @param pipelines in all versions
     */
    MutationPerson(Pawl pawl, List<RunId> runs, List<Pipeline> pipelines, MoodyLedger ledger, long seed) {
        this.pawl = pawl;
        this.runs = List.copyOf(runs);
        this.pipelines = List.copyOf(pipelines);
        this.ledger = ledger;
        this.random = new SplittableRandom(seed);
        this.thread = Thread.ofPlatform().daemon().name("person").start(this::work);
    }

    private void work() {
        try {
            while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                for (RunId run : runs) look(run);
            }
        } catch (Throwable unexpected) {
            fault = unexpected;
        }
    }

    private void look(RunId run) throws InterruptedException {
        var details = pawl.run(run);
        if (details.status() == RunStatus.RUNNING) disturb(run);
        if (!details.status().held()) return;
        var reason = details.run().reason();
        if (details.status() == RunStatus.BLOCKED && !KNOWN.contains(reason))
            throw new AssertionError(run + " is blocked: " + pawl.explain(run));
        var unknown = pawl.indeterminate(run);
        for (var one : unknown) answer(run, one);
        if (!unknown.isEmpty()) return;
        if (details.status() == RunStatus.BLOCKED && reason == Reason.INDETERMINATE)
            throw new AssertionError(run + " waits for nothing: " + pawl.explain(run));
        try {
            pawl.resume(run, ACTOR, "it lets us now");
            count("RESUME " + (reason == null ? "PAUSED" : reason));
        } catch (Refused refused) {
            if (refused.why() != Refused.Why.UNKNOWN_OUTCOME) throw refused; // something came up meanwhile
        }
    }

    /** Pauses it now and then, or lets another version take over. */
    private void disturb(RunId run) {
        if (random.nextInt(RARELY) == 0) {
            try {
                pawl.pause(run, ACTOR, "a moment");
                count("PAUSE");
            } catch (Refused blocked) {
                // Something else holds it.
            }
        }
        if (random.nextInt(RARELY) == 0) {
            int version = random.nextInt(MutationPipelines.VERSIONS);
            Pipelines.of(pawl).goBack(pipelines.get(version * MutationPipelines.NUMBER + runs.indexOf(run)));
            count("DEPLOY");
        }
    }

    private void answer(RunId run, Tx.NewEffect change) throws InterruptedException {
        var effect = change.effect();
        String key = String.valueOf(Notes.text(effect.request(), Notes.KEY));
        if (effect.mayBeAsked() && random.nextInt(AGAIN) == 0) {
            say(run, key, Answer.AGAIN, null);
            return;
        }
        var book = Posting.Book.valueOf(effect.name().toUpperCase(java.util.Locale.ROOT));
        var receipt = ledger.truth(book, key);
        if (receipt.isPresent()) say(run, key, Answer.HAPPENED, receipt.getAsLong());
        else say(run, key, Answer.DID_NOT_HAPPEN, null);
    }

    private void say(RunId run, String key, Answer answer, Long receipt) {
        var value = receipt == null ? null : MutationProof.number(receipt);
        pawl.resolve(run, key, answer, value, ACTOR, "looked it up");
        count(answer.name());
    }

    private void count(String deed) {
        deeds.merge(deed, 1, Integer::sum);
    }

    /** Throws what the person could not cope with. */
    void requireWell() {
        if (fault != null) throw new AssertionError("The person cannot go on", fault);
    }

    /** What was answered and done how often; to be asked when it is closed. */
    Map<String, Integer> deeds() {
        return deeds;
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        requireWell();
    }
}
