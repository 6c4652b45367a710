package dev.pawl.campaign;

import dev.pawl.campaign.History.Promise;
import dev.pawl.core.Failure;
import dev.pawl.core.Retry;
import dev.pawl.job.Branch;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The jobs of a campaign: each verb of a job's context comes in one of them. */
final class CampaignJobs {

    /** Is sent {@link #SIGNALS} signals. */
    static final String LISTENING = "job:listening";

    /** Fails, or is cancelled if its input ends with {@link #TO_CANCEL}. */
    static final String UNDONE = "job:undone";

    static final String SIGNAL = "go";
    static final int SIGNALS = 3;
    static final String TO_CANCEL = "/cancel";

    private static final String NEVER = "never";
    private static final Duration NAP = Duration.ofMillis(1_500);
    private static final int MANY_RECOVERIES = 20;
    private static final int CHUNKS = 5;
    private static final int ROUNDS = 3;
    private static final String ROUND = "/round";

    /** Three attempts, as by default; only sooner after each other. */
    private static final Retry SOON = Retry.times(3).base(Duration.ofMillis(100));

    private CampaignJobs() {}

    static List<TypedProgram<String, String>> all(Effects effects, TypedProgram<String, String> flow) {
        var leaf = leaf(effects);
        return List.of(
                steps(effects),
                slow(effects),
                chunks(effects),
                listening(effects),
                leaf,
                parent(effects, flow, leaf),
                undone(effects),
                rounds(effects));
    }

    /** What each of them does. */
    static Map<String, Promise> promises() {
        return Map.of(
                "job:steps",
                Promise.ofSteps("shaky", "left", "middle", "right", "charge", "last")
                        .once("charge")
                        .transaction("row"),
                "job:slow",
                Promise.ofSteps("slow", "quick").inOrder(),
                "job:chunks",
                Promise.ofSteps(IntStream.range(0, CHUNKS)
                                .mapToObj(CampaignJobs::chunk)
                                .toArray(String[]::new))
                        .inOrder(),
                LISTENING,
                Promise.ofSteps("heard0", "heard1", "heard2").inOrder().signals(SIGNALS),
                "job:leaf",
                Promise.ofSteps("leaf").once("leaf"),
                "job:parent",
                Promise.ofSteps("before", "after").inOrder().children(Map.of("flow:three-steps", 1, "job:leaf", 1)),
                UNDONE,
                Promise.of(List.of()).ends(Set.of("FAILED", "CANCELLED")),
                "job:rounds",
                Promise.of(IntStream.range(0, ROUNDS)
                        .mapToObj(round -> "job[" + round + "]/turn")
                        .toList()));
    }

    private static TypedProgram<String, String> job(String name, Job.Body<String, String> body) {
        return new Fenced<>(defined(name, body));
    }

    private static Job<String, String> defined(String name, Job.Body<String, String> body) {
        return Job.define(name, String.class, String.class, body).retry(SOON);
    }

    private static TypedProgram<String, String> steps(Effects effects) {
        return job("steps", (job, key) -> {
            var here = effects.at(job);
            var marks = new ArrayList<String>();
            marks.add(job.call("shaky", String.class, () -> here.applyUnlessEarly("shaky", 1)));
            marks.addAll(job.all(List.of(call(here, "left"), call(here, "middle"), call(here, "right"))));
            marks.add(job.once("charge", String.class, k -> here.apply("charge", k), here::applied));
            job.transact("row", String.class, connection -> here.insert(connection, "row"));
            job.sleep(NAP);
            marks.add(job.call("last", String.class, () -> here.apply("last")));
            return String.join(",", marks);
        });
    }

    private static Branch<String> call(Effects.Site here, String step) {
        return Branch.call(step, String.class, () -> here.apply(step));
    }

    /** Its step lasts about as long as a worker lives here, so it must be taken up again more often than by default. */
    private static TypedProgram<String, String> slow(Effects effects) {
        Job.Body<String, String> body = (job, key) -> {
            var here = effects.at(job);
            var slow = job.call("slow", String.class, () -> here.applySlowly("slow"));
            return slow + "," + job.call("quick", String.class, () -> here.apply("quick"));
        };
        return new Fenced<>(defined("slow", body).recoveries(MANY_RECOVERIES));
    }

    /** Each chunk is done by the code itself; only the checkpoint says that it is. */
    private static TypedProgram<String, String> chunks(Effects effects) {
        return job("chunks", (job, key) -> {
            var here = effects.at(job);
            int done = job.checkpoint(Integer.class).orElse(0);
            while (done < CHUNKS) {
                here.apply(chunk(done++));
                job.checkpoint(done);
                job.progress(done, CHUNKS, "chunks");
            }
            return "";
        });
    }

    private static String chunk(int number) {
        return "chunk" + number;
    }

    private static TypedProgram<String, String> listening(Effects effects) {
        return job("listening", (job, key) -> {
            var here = effects.at(job);
            var marks = new ArrayList<String>();
            for (int i = 0; i < SIGNALS; i++) {
                job.await(SIGNAL, String.class);
                String step = "heard" + i;
                marks.add(job.call(step, String.class, () -> here.apply(step)));
            }
            return String.join(",", marks);
        });
    }

    private static TypedProgram<String, String> leaf(Effects effects) {
        return job("leaf", (job, key) -> {
            var here = effects.at(job);
            return job.once("leaf", String.class, k -> here.apply("leaf", k), here::applied);
        });
    }

    private static TypedProgram<String, String> parent(
            Effects effects, TypedProgram<String, String> flow, TypedProgram<String, String> leaf) {
        return job("parent", (job, key) -> {
            var here = effects.at(job);
            var before = job.call("before", String.class, () -> here.apply("before"));
            var first = job.start(flow, key);
            var second = job.start(leaf, key);
            job.await(first);
            job.await(second);
            return before + "," + job.call("after", String.class, () -> here.apply("after"));
        });
    }

    private static TypedProgram<String, String> undone(Effects effects) {
        return job("undone", (job, input) -> {
            var here = effects.at(job);
            undoable(job, here, "book");
            undoable(job, here, "pay");
            if (input.endsWith(TO_CANCEL)) job.await(NEVER, String.class);
            throw new Failure.Logic("It fails, as it should.");
        });
    }

    private static void undoable(JobContext job, Effects.Site here, String step) throws Exception {
        job.call(step, String.class, () -> here.apply(step));
        String undo = "un" + step;
        job.compensate(undo, () -> here.apply(undo));
    }

    private static TypedProgram<String, String> rounds(Effects effects) {
        return job("rounds", (job, input) -> {
            var here = effects.at(job);
            int at = input.lastIndexOf(ROUND);
            int round = at < 0 ? 0 : Integer.parseInt(input.substring(at + ROUND.length()));
            var mark = job.call("turn", String.class, () -> here.apply("turn"));
            if (round + 1 == ROUNDS) return mark;
            throw job.continueWith((at < 0 ? input : input.substring(0, at)) + ROUND + (round + 1));
        });
    }
}
