package dev.pawl.boundary;

import java.util.List;

/**
 * A place in code that may do something else in a replay. As text it is a sentence for people: {@code
 * com.acme.Support.lambda$draft (Support.java:41) reads the clock (Instant.now): use io.now() instead}.
 *
 * @param className with its package
 * @param method {@code lambda$draft} is a lambda in the method {@code draft}, {@code <init>} a constructor
 * @param file the name of the source file, without a path; {@code Unknown Source} if the class does not say
 * @param line in that file; 0 if the class does not say
 * @param what it does, and by which call: {@code reads the clock (Instant.now)}
 * @param instead the way out: {@code use io.now() instead}
 * @param calledFrom by which methods of the program's own code it was reached, the nearest first; empty for what nodes
 *     and predicates do themselves
 */
public record Finding(
        String className, String method, String file, int line, String what, String instead, List<String> calledFrom) {

    public Finding {
        calledFrom = List.copyOf(calledFrom);
    }

    @Override
    public String toString() {
        var place = line == 0 ? file : file + ":" + line;
        var path = calledFrom.isEmpty() ? "" : "; called from " + String.join(", from ", calledFrom);
        return className + "." + method + " (" + place + ") " + what + ": " + instead + path;
    }
}
