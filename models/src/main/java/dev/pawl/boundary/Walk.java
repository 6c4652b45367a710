package dev.pawl.boundary;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From one node or predicate through all of its own code that it may reach. A work list; each method is walked once. */
final class Walk {

    /** A method, and by which way one came to it first. */
    private record Reached(Method method, @Nullable Reached from) {}

    private record Doubt(Reached at, int line, Outside kind, String by) {}

    private final ClassFiles files;
    private final OwnCode own;
    private final Findings findings;
    private final Set<Method> seen = new HashSet<>();
    private final Queue<Reached> open = new ArrayDeque<>();
    private final List<Doubt> doubts = new ArrayList<>();
    private final Set<Outside> made = EnumSet.noneOf(Outside.class);

    Walk(ClassFiles files, OwnCode own, Findings findings) {
        this.files = files;
        this.own = own;
        this.findings = findings;
    }

    void from(List<Method> start) {
        for (var method : start) reach(method, null);
        for (var next = open.poll(); next != null; next = open.poll()) {
            for (var use : next.method().uses()) look(use, next);
        }
        for (var doubt : doubts) {
            if (!made.contains(doubt.kind())) found(doubt.at(), doubt.line(), doubt.kind(), doubt.by());
        }
    }

    private void reach(Method method, @Nullable Reached from) {
        if (seen.add(method)) open.add(new Reached(method, from));
    }

    private void look(Use use, Reached at) {
        switch (use) {
            case Use.Call call -> call(call, at);
            case Use.Lambda lambda -> {
                if (!files.isForOutside(lambda.type())) call(lambda.body(), at);
            }
            case Use.Read read -> banned(read.field(), read.line(), at);
            case Use.Write write -> {
                var field = write.field();
                // A dollar sign: not the author's, but a tool's, such as a coverage agent's.
                if (!own.has(field.owner()) || field.name().startsWith("$")) return;
                found(at, write.line(), Outside.STATIC_FIELD, Bans.title(field));
            }
        }
    }

    private void call(Use.Call call, Reached at) {
        var callee = call.callee();
        var targets = own.targets(call);
        for (var target : targets) reach(target, at);
        if (targets.isEmpty()) banned(callee, call.line(), at);
        if (callee.constructs() && own.has(callee.owner())) anonymous(callee.owner(), at);
    }

    /** An anonymous class is a lambda in other clothes: it is made to be called by somebody else. */
    private void anonymous(String type, Reached at) {
        var file = files.find(type);
        if (file == null || !file.local() || files.isForOutside(type)) return;
        for (var method : own.implementing(type, false)) reach(method, at);
    }

    private void banned(Use.Member member, int line, Reached at) {
        files.bans().made(member).ifPresent(made::add);
        files.bans().find(member).ifPresent(ban -> {
            if (ban.held()) doubts.add(new Doubt(at, line, ban.kind(), Bans.title(member)));
            else found(at, line, ban.kind(), Bans.title(member));
        });
    }

    private void found(Reached at, int line, Outside kind, String by) {
        var calledFrom = new ArrayList<String>();
        for (var from = at.from(); from != null; from = from.from()) {
            var title = from.method().title();
            boolean again = !calledFrom.isEmpty() && calledFrom.getLast().equals(title); // a lambda in a lambda
            if (!again && !from.method().isBridge()) calledFrom.add(title);
        }
        findings.add(at.method(), line, kind, by, calledFrom);
    }
}
