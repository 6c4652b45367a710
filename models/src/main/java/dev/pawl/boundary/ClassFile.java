package dev.pawl.boundary;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** A class as its file has it, read when it is asked for. One that cannot be read is as good as empty. */
final class ClassFile {

    private final String name;
    private final URL url;
    private final ClassLoader loader;
    private @Nullable ClassReader reader;
    private boolean unreadable;
    private @Nullable Content content;

    ClassFile(String name, URL url, ClassLoader loader) {
        this.name = name;
        this.url = url;
        this.loader = loader;
    }

    /** The internal one, with slashes. */
    String name() {
        return name;
    }

    /** With dots; dollar signs stay, as in stack traces. */
    String title() {
        return name.replace('/', '.');
    }

    /** The jar or the folder that it is in. A jar may have several versions of it, for several versions of Java. */
    String location() {
        var text = url.toString();
        var end = text.lastIndexOf(name + ".class");
        return end < 0 ? text : text.substring(0, end).replaceFirst("META-INF/versions/\\d+/$", "");
    }

    /** The superclass, and then the interfaces; nothing more. */
    List<String> parents() {
        var read = reader();
        if (read == null) return List.of();
        var parents = new ArrayList<String>();
        var superclass = superclass();
        if (superclass != null) parents.add(superclass);
        parents.addAll(List.of(read.getInterfaces()));
        return parents;
    }

    /** Null for {@code Object}, and if it cannot be read. */
    @SuppressWarnings("NullAway") // ASM says nothing about null
    @Nullable
    String superclass() {
        var read = reader();
        return read == null ? null : read.getSuperName();
    }

    boolean isInterface() {
        var read = reader();
        return read != null && (read.getAccess() & Opcodes.ACC_INTERFACE) != 0;
    }

    /** The name of the file, without a path. */
    String source() {
        return content().source();
    }

    /** Whether it is anonymous, or declared in a method. */
    boolean local() {
        return content().local();
    }

    /** If it is sealed, those that may extend it. */
    List<String> permitted() {
        return content().permitted();
    }

    /** Those with a body, by name and descriptor. */
    Map<String, Method> methods() {
        return content().methods();
    }

    /** The names and descriptors of those that belong to objects, also without a body. */
    Set<String> ofObjects() {
        return content().ofObjects();
    }

    private Content content() {
        var known = content;
        if (known != null) return known;
        try {
            var read = reader();
            known = read == null ? Content.NOTHING : Content.read(this, read);
        } catch (RuntimeException malformed) { // ASM throws whatever comes, such as ArrayIndexOutOfBoundsException
            ClassFiles.unseen(title(), "its file cannot be read: " + malformed);
            known = Content.NOTHING;
        }
        content = known;
        return known;
    }

    private @Nullable ClassReader reader() {
        if (reader != null || unreadable) return reader;
        try (var bytes = loader.getResourceAsStream(name + ".class")) {
            if (bytes == null) throw new IOException("it is gone");
            reader = new ClassReader(bytes);
        } catch (IOException | RuntimeException unknown) { // such as a version of Java that is newer than ASM
            unreadable = true;
            ClassFiles.unseen(title(), "its file cannot be read: " + unknown);
        }
        return reader;
    }
}
