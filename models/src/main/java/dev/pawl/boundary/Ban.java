package dev.pawl.boundary;

import java.util.List;

/**
 * Calls that only {@code io} may make.
 *
 * @param owner the internal name of the class; with a {@code *} at the end, all whose names begin like this
 * @param names of methods, constructors being called {@code new}; a {@code *} stands for any letters at the beginning or end
 * @param only how the descriptors of the methods begin, any one of them
 * @param except how they do not begin
 * @param ofSubtypes whether it counts as well for what is called on a narrower type
 * @param held whether it is fine on what the same code has made, such as a random generator with a seed
 */
record Ban(
        Outside kind,
        String owner,
        List<String> names,
        List<String> only,
        List<String> except,
        boolean ofSubtypes,
        boolean held) {

    /** @param names with spaces between them */
    static Ban ban(Outside kind, String owner, String names) {
        return new Ban(kind, owner.replace('.', '/'), List.of(names.split(" ")), List.of(""), List.of(), false, false);
    }

    Ban only(String... descriptors) {
        return new Ban(kind, owner, names, List.of(descriptors), except, ofSubtypes, held);
    }

    Ban except(String... descriptors) {
        return new Ban(kind, owner, names, only, List.of(descriptors), ofSubtypes, held);
    }

    Ban orSubtype() {
        return new Ban(kind, owner, names, only, except, true, held);
    }

    Ban unlessMadeHere() {
        return new Ban(kind, owner, names, only, except, ofSubtypes, true);
    }

    boolean hits(Use.Member member, ClassFiles files) {
        if (names.stream().noneMatch(name -> fits(name, member.constructs() ? "new" : member.name()))) return false;
        if (only.stream().noneMatch(member.descriptor()::startsWith)) return false;
        if (except.stream().anyMatch(member.descriptor()::startsWith)) return false;
        return fits(owner, member.owner())
                || (ofSubtypes && files.ancestors(member.owner()).contains(owner));
    }

    private static boolean fits(String pattern, String text) {
        if (pattern.endsWith("*")) return text.startsWith(pattern.substring(0, pattern.length() - 1));
        if (pattern.startsWith("*")) return text.endsWith(pattern.substring(1));
        return text.equals(pattern);
    }
}
