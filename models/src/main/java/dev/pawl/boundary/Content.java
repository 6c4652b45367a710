package dev.pawl.boundary;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What one class contains.
 *
 * @param source the name of the source file
 * @param local whether it is anonymous, or declared in a method
 * @param permitted if it is sealed, those that may extend it
 * @param methods those with a body, by name and descriptor; the static initialiser is one, but nobody calls it
 * @param ofObjects the names and descriptors of the methods of objects
 */
record Content(
        String source, boolean local, List<String> permitted, Map<String, Method> methods, Set<String> ofObjects) {

    private static final String UNKNOWN = "Unknown Source";

    /** Of a class that cannot be read. */
    static final Content NOTHING = new Content(UNKNOWN, false, List.of(), Map.of(), Set.of());

    static Content read(ClassFile file, ClassReader reader) {
        var reading = new Reading(file);
        reader.accept(reading, ClassReader.SKIP_FRAMES);
        return new Content(reading.source, reading.local, reading.permitted, reading.methods, reading.ofObjects);
    }

    private static final class Reading extends ClassVisitor {

        private final ClassFile file;
        private String source = UNKNOWN;
        private boolean local;
        private final List<String> permitted = new ArrayList<>();
        private final Map<String, Method> methods = new LinkedHashMap<>();
        private final Set<String> ofObjects = new HashSet<>();

        private Reading(ClassFile file) {
            super(Opcodes.ASM9);
            this.file = file;
        }

        @Override
        public void visitSource(@Nullable String name, @Nullable String debug) {
            if (name != null) source = name;
        }

        @Override
        public void visitOuterClass(String owner, @Nullable String name, @Nullable String descriptor) {
            local = true;
        }

        @Override
        public void visitPermittedSubclass(String name) {
            permitted.add(name);
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            if (name.equals("$deserializeLambda$")) return null; // makes all lambdas of the class once more
            var key = name + descriptor;
            if (!Modifier.isStatic(access) && !name.startsWith("<")) ofObjects.add(key);
            if (Modifier.isAbstract(access) || Modifier.isNative(access)) return null;
            var uses = new ArrayList<Use>();
            methods.put(key, new Method(file, name, access, uses));
            return new Body(uses);
        }
    }

    private static final class Body extends MethodVisitor {

        private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";

        private final List<Use> uses;
        private int line;

        private Body(List<Use> uses) {
            super(Opcodes.ASM9);
            this.uses = uses;
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            if (owner.startsWith("[")) return; // clone() of an array
            boolean virtual = opcode == Opcodes.INVOKEVIRTUAL || opcode == Opcodes.INVOKEINTERFACE;
            uses.add(new Use.Call(new Use.Member(owner, name, descriptor), virtual, line));
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            var field = new Use.Member(owner, name, descriptor);
            if (opcode == Opcodes.GETSTATIC) uses.add(new Use.Read(field, line));
            if (opcode == Opcodes.PUTSTATIC) uses.add(new Use.Write(field, line));
        }

        /** Both of its ways to make a lambda give the body as the second of their own arguments. */
        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle factory, Object... arguments) {
            if (!factory.getOwner().equals(LAMBDAS)) return;
            if (arguments.length < 2 || !(arguments[1] instanceof Handle body)) return;
            int tag = body.getTag();
            boolean virtual = tag == Opcodes.H_INVOKEVIRTUAL || tag == Opcodes.H_INVOKEINTERFACE;
            var callee = new Use.Member(body.getOwner(), body.getName(), body.getDesc());
            var type = Type.getReturnType(descriptor).getInternalName();
            uses.add(new Use.Lambda(type, new Use.Call(callee, virtual, line)));
        }
    }
}
