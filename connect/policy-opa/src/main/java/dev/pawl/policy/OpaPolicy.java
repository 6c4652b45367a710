package dev.pawl.policy;

import dev.pawl.core.Json;
import dev.pawl.spi.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A policy in OPA's language Rego, compiled to WebAssembly by {@code opa build -t wasm} and evaluated in this process, in
 * some microseconds. Thread-safe. It fails closed: whatever is wrong with the policy or its answer, and taking longer than
 * its time limit, is a denial whose reason says what was wrong.
 *
 * <p>A decision is made on the thread that asks. A virtual thread would keep its carrier busy with a slow one, and so all
 * carriers with some, so it gives up after 25 ms and lets a platform thread begin again; at most half as many as there are
 * instances do so at the same time.
 */
public final class OpaPolicy implements Policy {

    /** How long a virtual thread keeps its carrier busy with a decision: a thousand times of what one usually takes. */
    private static final long PATIENCE = Duration.ofMillis(25).toNanos();

    private final String hash;
    private final OpaSettings settings;
    private final int entrypoint;
    private final Sandboxes sandboxes;
    private final Watchdog watchdog;
    private final Semaphore aside;

    private OpaPolicy(String name, byte[] content, OpaSettings settings) {
        Source source = Source.of(name, content, settings.data());
        CompiledPolicy policy = CompiledPolicy.of(name, source, settings.memory());
        Sandbox first = first(name, policy);
        var missing = HostBuiltins.missing(first.builtins());
        if (!missing.isEmpty()) {
            throw new PolicyRefused(name + " needs builtins that there are not here: " + String.join(", ", missing)
                    + ". A policy decides by its input and data alone; put there what it needs to know.");
        }
        Integer number = first.entrypoints().get(settings.entrypoint());
        if (number == null) {
            throw new PolicyRefused(name + " has no entrypoint " + settings.entrypoint() + "; it has "
                    + String.join(", ", new TreeSet<>(first.entrypoints().keySet()))
                    + ". Name one of them in the settings, or build it with \"opa build -t wasm -e "
                    + settings.entrypoint() + "\".");
        }
        this.hash = hash(content, settings.data());
        this.settings = settings;
        this.entrypoint = number;
        this.sandboxes = new Sandboxes(policy, settings.instances(), first);
        this.watchdog = new Watchdog(settings.timeLimit());
        this.aside = new Semaphore(Math.max(1, settings.instances() / 2));
    }

    /** Loads one with the {@linkplain OpaSettings#DEFAULT usual settings}. */
    public static OpaPolicy load(Path file) {
        return load(file, OpaSettings.DEFAULT);
    }

    /**
     * Loads a .wasm file or a bundle (.tar.gz) with, perhaps, data. Takes some tenths of a second.
     *
     * @throws PolicyRefused if it cannot be read, is neither, lacks the entrypoint, or needs builtins that are not there
     */
    public static OpaPolicy load(Path file, OpaSettings settings) {
        try {
            return new OpaPolicy("The policy " + file, Files.readAllBytes(file), settings);
        } catch (IOException e) {
            throw new PolicyRefused("The policy " + file + " cannot be read: " + e, e);
        }
    }

    /** Loads one with the {@linkplain OpaSettings#DEFAULT usual settings}. */
    public static OpaPolicy of(byte[] content) {
        return of(content, OpaSettings.DEFAULT);
    }

    /**
     * Loads the content of a .wasm file or of a bundle.
     *
     * @throws PolicyRefused as {@link #load(Path, OpaSettings)}
     */
    public static OpaPolicy of(byte[] content, OpaSettings settings) {
        return new OpaPolicy("The policy", content, settings);
    }

    private static Sandbox first(String name, CompiledPolicy policy) {
        try {
            return new Sandbox(policy);
        } catch (RuntimeException | StackOverflowError e) {
            throw CompiledPolicy.notOpa(name, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The SHA-256 of the file's content; where the settings bring data, that of both hashes, file and data, in hex one after
     * the other.
     */
    @Override
    public String hash() {
        return hash;
    }

    /**
     * {@inheritDoc} Only an interrupt of the calling thread is an exception; all else that goes wrong is a denial. An interrupt
     * that comes in the moment in which a slow evaluation is being stopped is not told apart from that one: the decision then
     * ends within its time limit all the same.
     */
    @Override
    public Decision decide(Json document) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        long deadline = System.nanoTime() + settings.timeLimit().toNanos();
        if (!sandboxes.reserve(deadline)) return busy();
        Decision decision;
        try {
            decision = evaluate(document.text(), Thread.currentThread().isVirtual() ? soon(deadline) : deadline);
        } finally {
            sandboxes.release();
        }
        if (decision != null) return decision;
        return deadline - System.nanoTime() <= 0 ? late() : aside(document.text(), deadline);
    }

    private static long soon(long deadline) {
        long soon = System.nanoTime() + PATIENCE;
        return soon - deadline < 0 ? soon : deadline;
    }

    /** Begins again on a thread of its own. */
    private Decision aside(String document, long deadline) throws InterruptedException {
        if (!aside.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) return busy();
        var decision = new FutureTask<@Nullable Decision>(() -> evaluate(document, deadline));
        try {
            Thread.ofPlatform().daemon().name("pawl-policy-aside").start(() -> {
                decision.run();
                aside.release();
            });
        } catch (OutOfMemoryError e) { // no more threads
            aside.release();
            return Answers.denied("the policy failed: " + e.getMessage());
        }
        try {
            Decision decided = decision.get();
            return decided == null ? late() : decided;
        } catch (InterruptedException e) {
            decision.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The policy could not be evaluated.", e.getCause());
        }
    }

    private Decision busy() {
        return Answers.denied("the policy was busy with other decisions for " + limit());
    }

    private Decision late() {
        return Answers.denied("the policy took longer than " + limit());
    }

    /** What is decided, or null if that takes longer than until then. */
    private @Nullable Decision evaluate(String document, long until) throws InterruptedException {
        Decision decision;
        boolean late;
        Watchdog.Watch watch = watchdog.watch(until);
        try {
            decision = evaluate(document);
        } finally {
            late = watch.end();
        }
        boolean interrupted = Thread.interrupted();
        if (late) return null;
        if (interrupted) throw new InterruptedException();
        return decision;
    }

    private Decision evaluate(String document) {
        try {
            Sandbox sandbox = sandboxes.take();
            String results = sandbox.evaluate(entrypoint, document);
            sandboxes.keep(sandbox);
            return Answers.read(results);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // The sandbox is not kept: it may be in the middle of anything.
            return Answers.denied("the policy failed: " + e.getMessage());
        }
    }

    private static String hash(byte[] content, @Nullable Json data) {
        if (data == null) return sha256(content);
        String both = sha256(content) + sha256(data.text().getBytes(StandardCharsets.UTF_8));
        return sha256(both.getBytes(StandardCharsets.UTF_8));
    }

    private String limit() {
        return settings.timeLimit().toMillis() + " ms";
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
