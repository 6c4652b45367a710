package dev.pawl.boundary;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the bytecode of nodes and predicates, and of what they call in their own code, for what a replay would do
 * differently: clocks, randomness, threads, files, sockets, system properties, static fields. What is handed to {@code
 * io} (a lambda for an interface of {@code dev.pawl.io} or {@code dev.pawl.job}, a {@code Connector}) may do what it wants
 * and is not looked into.
 *
 * <p><b>Own code</b> is what comes from the same jar or classes folder as the node. Calls into other jars are not followed;
 * what they do there is not seen. In a jar that holds Pawl too, everything is packed into one, and own code is what shares
 * the first two parts of the package.
 *
 * <p><b>What it cannot see.</b> A call is resolved by the type that the code names: not what implements an interface, unless
 * it is sealed, nor what is reached by reflection. Static initialisers are not looked into. So to find nothing proves nothing;
 * {@code verify} and {@code replay} do. And it sees too much where a method of yours takes a {@code Supplier} and hands it
 * to {@code io}: let it take an {@code Action}.
 *
 * <p>Lambdas are asked where their code is in the way that serialization asks: the compiler gives a lambda whose interface
 * is {@link Serializable} a method {@code writeReplace}, which answers with a {@link java.lang.invoke.SerializedLambda}: the
 * class and the method with the lambda's body. Nothing is serialized, and what is captured need not be serializable. Spark,
 * Flink and MyBatis-Plus find the code of lambdas in the same way; the idea of forbidding calls by a list is that of
 * forbidden-apis and of Temporal's workflow check.
 *
 * <p>What cannot be looked at gives no finding; the log says so at level debug. No class file makes a scan fail. The
 * first scan of a process takes about a tenth of a second, others some milliseconds. Thread-safe.
 */
public final class Boundary {

    private static final Logger LOG = LoggerFactory.getLogger(Boundary.class);

    private Boundary() {}

    /**
     * Looks, and refuses or warns.
     *
     * @param program its name, for messages
     * @param code what is run again in a replay: lambdas, method references and other objects that were given as nodes and
     *     predicates
     * @throws BoundaryCrossed if it is strict and something was found
     */
    public static void check(String program, Strictness strictness, Collection<? extends Serializable> code) {
        if (strictness == Strictness.OFF) return;
        var findings = scan(code);
        if (findings.isEmpty()) return;
        if (strictness == Strictness.STRICT) throw new BoundaryCrossed(program, findings);
        for (var finding : findings) LOG.warn("The code of \"{}\": {}", program, finding);
    }

    /** Looks. Each place is told once, in the order of the code. */
    public static List<Finding> scan(Collection<? extends Serializable> code) {
        var files = new HashMap<ClassLoader, ClassFiles>();
        var findings = new Findings();
        for (var one : code) {
            var loader = one.getClass().getClassLoader();
            if (loader == null) loader = ClassLoader.getSystemClassLoader();
            look(one, files.computeIfAbsent(loader, ClassFiles::new), findings);
        }
        return findings.all();
    }

    private static void look(Serializable code, ClassFiles files, Findings findings) {
        try {
            var start = Start.of(code, files);
            if (start != null) new Walk(files, start.own(), findings).from(start.methods());
        } catch (RuntimeException | LinkageError unexpected) { // a scan must not keep a program from being registered
            LOG.debug("Not looked at: {}", code.getClass().getName(), unexpected);
        }
    }
}
