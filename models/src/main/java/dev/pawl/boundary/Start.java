package dev.pawl.boundary;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to begin with a lambda, a method reference or another object.
 *
 * @param own what is its own code
 * @param methods what runs first
 */
record Start(OwnCode own, List<Method> methods) {

    /** @return null if it is not to be looked at, or cannot be */
    static @Nullable Start of(Serializable code, ClassFiles files) {
        var type = code.getClass();
        // The class of a lambda is synthetic. What writeReplace of another class does is its own affair.
        return type.isSynthetic() ? lambda(code, files) : object(type, files);
    }

    private static @Nullable Start object(Class<?> type, ClassFiles files) {
        var file = files.find(internal(type));
        if (file == null) {
            ClassFiles.unseen(type.getName(), "it has no class file");
            return null;
        }
        if (files.isConnector(file.name())) return null;
        var own = OwnCode.around(file, files);
        return new Start(own, own.implementing(file.name(), true));
    }

    private static @Nullable Start lambda(Serializable code, ClassFiles files) {
        var lambda = serialized(code);
        var file = lambda == null ? null : files.find(lambda.getImplClass());
        if (lambda == null || file == null) {
            ClassFiles.unseen(
                    code.getClass().getName(),
                    "it does not say where its code is; the package of a module must be open to dev.pawl.models");
            return null;
        }
        var body = new Use.Member(lambda.getImplClass(), lambda.getImplMethodName(), lambda.getImplMethodSignature());
        var bound = bound(lambda, body, file, files);
        var own = OwnCode.around(bound, files);
        var methods = own.targets(new Use.Call(new Use.Member(bound.name(), body.name(), body.descriptor()), true, 0));
        return methods.isEmpty() ? reference(lambda, body, files) : new Start(own, methods);
    }

    private static @Nullable SerializedLambda serialized(Serializable code) {
        try {
            var writeReplace = code.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(code) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException | RuntimeException closed) {
            return null;
        }
    }

    /** For {@code service::draft} the class of the service, which may be narrower than what the code says. */
    private static ClassFile bound(SerializedLambda lambda, Use.Member body, ClassFile file, ClassFiles files) {
        int kind = lambda.getImplMethodKind();
        boolean virtual = kind == MethodHandleInfo.REF_invokeVirtual || kind == MethodHandleInfo.REF_invokeInterface;
        if (!virtual || lambda.getCapturedArgCount() == 0) return file;
        var named = file.methods().get(body.key());
        if (named != null && named.isPrivate()) return file;
        var receiver = lambda.getCapturedArg(0);
        var narrower = receiver == null ? null : files.find(internal(receiver.getClass()));
        return narrower == null ? file : narrower;
    }

    /**
     * A reference to what is not own code, such as {@code Instant::now}: all there is to look at is where it stands. If it
     * stands there several times, nobody knows which one it is.
     */
    private static @Nullable Start reference(SerializedLambda lambda, Use.Member body, ClassFiles files) {
        var file = files.find(lambda.getCapturingClass());
        if (file == null) return null;
        for (var method : file.methods().values()) {
            for (var use : method.uses()) {
                if (use instanceof Use.Lambda made
                        && made.type().equals(lambda.getFunctionalInterfaceClass())
                        && made.body().callee().equals(body)) {
                    var there = new Method(file, method.name(), method.access(), List.of(made.body()));
                    return new Start(OwnCode.around(file, files), List.of(there));
                }
            }
        }
        ClassFiles.unseen(file.title(), "the reference to " + Bans.title(body) + " is not in it");
        return null;
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }
}
