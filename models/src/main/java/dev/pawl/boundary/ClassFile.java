package dev.pawl.boundary;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * A class as its file has it, read when it is asked for: of most classes only where they are, of some what they extend, and
 * of own code everything. One that cannot be read is as good as empty.
 */
final class ClassFile {

    /** @param superclass null for {@code Object} */
    private record Head(
            @Nullable ClassReader reader,
            int access,
            @Nullable String superclass,
            List<String> interfaces) {

        static final Head UNREADABLE = new Head(null, 0, null, List.of());

        @SuppressWarnings("NullAway") // ASM says nothing about null
        static Head of(ClassReader reader) {
            return new Head(reader, reader.getAccess(), reader.getSuperName(), List.of(reader.getInterfaces()));
        }
    }

    private static final Pattern VERSION = Pattern.compile("META-INF/versions/\\d+/$");

    private final String name;
    private final String location;
    private final ClassLoader loader;
    private @Nullable Head head;
    private @Nullable Content content;

    ClassFile(String name, URL url, ClassLoader loader) {
        this.name = name;
        this.location = location(name, url.toString());
        this.loader = loader;
    }

    /** A jar may have several versions of a class, for several versions of Java. */
    private static String location(String name, String url) {
        int end = url.lastIndexOf(name + ".class");
        if (end < 0) return url;
        var location = url.substring(0, end);
        return VERSION.matcher(location).replaceFirst("");
    }

    /** The internal one, with slashes. */
    String name() {
        return name;
    }

    /** With dots; dollar signs stay, as in stack traces. */
    String title() {
        return name.replace('/', '.');
    }

    /** The jar or the folder that it is in. */
    String location() {
        return location;
    }

    /** The superclass, and then the interfaces; nothing more. */
    List<String> parents() {
        var parents = new ArrayList<String>();
        var superclass = superclass();
        if (superclass != null) parents.add(superclass);
        parents.addAll(head().interfaces());
        return parents;
    }

    @Nullable
    String superclass() {
        return head().superclass();
    }

    boolean isInterface() {
        return (head().access() & Opcodes.ACC_INTERFACE) != 0;
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

    private Head head() {
        if (head == null) head = readHead();
        return head;
    }

    private Content content() {
        if (content == null) content = readContent();
        return content;
    }

    private Head readHead() {
        try (var bytes = loader.getResourceAsStream(name + ".class")) {
            if (bytes == null) throw new IOException("it is gone");
            return Head.of(new ClassReader(bytes));
        } catch (IOException | RuntimeException e) { // a Java newer than ASM, or whatever comes of a malformed file
            ClassFiles.unseen(title(), "its file cannot be read: " + e);
            return Head.UNREADABLE;
        }
    }

    private Content readContent() {
        var reader = head().reader();
        if (reader == null) return Content.NOTHING;
        try {
            return Content.read(this, reader);
        } catch (RuntimeException malformed) { // such as ArrayIndexOutOfBoundsException
            ClassFiles.unseen(title(), "its file cannot be read: " + malformed);
            return Content.NOTHING;
        }
    }
}
