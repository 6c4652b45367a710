package dev.pawl.bench;

import dev.pawl.core.Json;
import dev.pawl.policy.OpaPolicy;
import dev.pawl.policy.OpaSettings;
import dev.pawl.spi.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How long policies take to decide about the documents that runs of a graph bring about. */
final class PolicyDecisions {

    static final String MEDIAN = "median in µs";
    static final String P95 = "95th percentile in µs";
    static final String P99 = "99th percentile in µs";

    /** Allows everything at once: what is left of the costs is not the policy's. */
    static final Policy EVERYTHING = new Policy() {
        @Override
        public String hash() {
            return "0".repeat(64);
        }

        @Override
        public Decision decide(Json document) {
            return new Decision(Answer.ALLOW, List.of());
        }
    };

    private static final int DECISIONS = 5_000;

    /** Large documents take long enough that fewer of them say as much. */
    private static final int LARGE_DECISIONS = 200;

    private static final int LARGE = 100 << 10;

    private final String jdbcUrl;
    private final int repetitions;

    /** @param jdbcUrl where a graph may run, to see what documents there are */
    PolicyDecisions(String jdbcUrl, int repetitions) {
        this.jdbcUrl = jdbcUrl;
        this.repetitions = repetitions;
    }

    /** What was measured of one policy with one kind of document, a figure for each repetition. */
    record Result(String what, Policy policy, List<Json> documents, Samples samples) {

        Series of(String figure) {
            return samples.series(figure);
        }
    }

    /** One of the policies that come with the module, with its data. */
    static Policy sample(String name) {
        var data = new String(resource(name + ".data.json"), StandardCharsets.UTF_8);
        return OpaPolicy.of(resource(name + ".wasm"), OpaSettings.DEFAULT.data(new Json(data.strip())));
    }

    private static byte[] resource(String name) {
        try (var in = Objects.requireNonNull(OpaPolicy.class.getResourceAsStream("samples/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Result> measure() throws Exception {
        var results = new ArrayList<Result>();
        var documents = documents();
        for (String sample : List.of("gates", "approval")) {
            var policy = sample(sample);
            documents.forEach((point, all) ->
                    results.add(new Result("`%s`, %s".formatted(sample, point), policy, all, new Samples())));
        }
        for (int repetition = 0; repetition <= repetitions; repetition++) {
            for (var result : results) {
                double[] microseconds = decide(result);
                if (repetition == 0) continue; // that was warming up
                result.samples.add(MEDIAN, Series.percentile(microseconds, 0.5));
                result.samples.add(P95, Series.percentile(microseconds, 0.95));
                result.samples.add(P99, Series.percentile(microseconds, 0.99));
            }
        }
        return results;
    }

    private static double[] decide(Result result) throws Exception {
        boolean large = result.documents.getFirst().text().length() > LARGE;
        var microseconds = new double[large ? LARGE_DECISIONS : DECISIONS];
        for (int i = 0; i < microseconds.length; i++) {
            var document = result.documents.get(i % result.documents.size());
            long begun = System.nanoTime();
            var decision = result.policy.decide(document);
            microseconds[i] = (System.nanoTime() - begun) / 1e3;
            if (decision.answer() != Policy.Answer.ALLOW) {
                throw new IllegalStateException(
                        "%s should allow this but says %s: %s".formatted(result.what, decision, document));
            }
        }
        return microseconds;
    }

    /** By what they are, in the order in which a run brings them about. */
    private Map<String, List<Json>> documents() throws Exception {
        var seen = new ConcurrentLinkedQueue<Json>();
        var listening = new Policy() {
            @Override
            public String hash() {
                return EVERYTHING.hash();
            }

            @Override
            public Decision decide(Json document) throws Exception {
                seen.add(document);
                return EVERYTHING.decide(document);
            }
        };
        GraphRuns.calling("", jdbcUrl)
                .with(PawlRuns.settings().policy(listening))
                .keptPerStep();
        var all = new LinkedHashMap<String, List<Json>>();
        for (Json document : seen) {
            String text = document.text();
            String point = text.substring(text.indexOf(':') + 2, text.indexOf("\","));
            all.computeIfAbsent(point, any -> new ArrayList<>()).add(document);
        }
        all.put(
                "effect with a request of 100 KB",
                all.get("effect").stream().map(PolicyDecisions::large).limit(1).toList());
        return all;
    }

    private static Json large(Json effect) {
        String request = "{\"text\":\"" + "x".repeat(LARGE) + "\"}";
        return new Json(effect.text().replace("\"request\":null", "\"request\":" + request));
    }
}
