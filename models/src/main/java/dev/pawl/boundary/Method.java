package dev.pawl.boundary;

import java.lang.reflect.Modifier;
import java.util.List;
import org.objectweb.asm.Opcodes;

/** A method with a body. Equal to nothing but itself. */
final class Method {

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

    /** With its class. */
    String title() {
        return in.title() + "." + name;
    }

    boolean isPrivate() {
        return Modifier.isPrivate(access);
    }

    /** Whether the compiler has made it, to call another one with narrower types. */
    boolean isBridge() {
        return (access & Opcodes.ACC_BRIDGE) != 0;
    }
}
