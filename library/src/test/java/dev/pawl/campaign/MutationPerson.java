package dev.pawl.campaign;

import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.Pawl;
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
 * machines, sometimes says that they should ask once more.
 */
final class MutationPerson implements AutoCloseable {

    private static final int PAUSE_MILLIS = 50;

    /** One in so many is asked once more. */
    private static final int AGAIN = 3;

    private static final String ACTOR = "ann";

    /** What may hold a pipeline here; anything else is a fault. */
    private static final Set<Reason> KNOWN = EnumSet.of(Reason.INDETERMINATE, Reason.PERMISSION);

    private final Pawl pawl;
    private final List<RunId> runs;
    private final MoodyLedger ledger;
    private final SplittableRandom random;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile Throwable fault;

    MutationPerson(Pawl pawl, List<RunId> runs, MoodyLedger ledger, long seed) {
        this.pawl = pawl;
        this.runs = List.copyOf(runs);
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
        if (details.status() != RunStatus.BLOCKED) return;
        var reason = details.run().reason();
        if (!KNOWN.contains(reason)) throw new AssertionError(run + " is blocked: " + pawl.explain(run));
        var unknown = pawl.indeterminate(run);
        for (var one : unknown) answer(run, one);
        if (!unknown.isEmpty()) return;
        if (reason == Reason.INDETERMINATE) throw new AssertionError(run + " waits for nothing: " + pawl.explain(run));
        pawl.resume(run, ACTOR, "it lets us now");
        count("RESUME");
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

    private void count(String answer) {
        answers.merge(answer, 1, Integer::sum);
    }

    /** Throws what the person could not cope with. */
    void requireWell() {
        if (fault != null) throw new AssertionError("The person cannot go on", fault);
    }

    /** What was answered how often; to be asked when it is closed. */
    Map<String, Integer> answers() {
        return answers;
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
