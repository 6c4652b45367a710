package dev.pawl.boundary;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;

/** A method with a body. Equal to nothing but itself. */
final class Method {

    /** {@code lambda$draft$3}, and {@code lambda$draft$e560005c$1} of a lambda that is serializable. */
    private static final Pattern LAMBDA = Pattern.compile("(lambda\\$.+?)(\\$[0-9a-f]{1,8})?\\$\\d+");

    private final ClassFile in;
    private final String name;
    private final int access;
    private final List<Use> uses;

    /**
     * @param access its modifiers, as in the class file
     * @param uses in the order of the bytecode
     */
    Method(ClassFile in, String name, int access, List<Use> uses) {
        this.in = in;
        this.name = name;
        this.access = access;
        this.uses = uses;
    }

    ClassFile in() {
        return in;
    }

    String name() {
        return name;
    }

    int access() {
        return access;
    }

    List<Use> uses() {
        return uses;
    }

    /** For people, who do not count lambdas. */
    String label() {
        var lambda = LAMBDA.matcher(name);
        return lambda.matches() ? lambda.group(1) : name;
    }

    /** With its class. */
    String title() {
        return in.title() + "." + label();
    }

    boolean isPrivate() {
        return Modifier.isPrivate(access);
    }

    /** Whether the compiler has made it, to call another one with narrower types. */
    boolean isBridge() {
        return (access & Opcodes.ACC_BRIDGE) != 0;
    }
}
