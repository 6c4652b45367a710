package dev.pawl.engine;

import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunIds;
import dev.pawl.core.Task;
import dev.pawl.exec.Entry;
import dev.pawl.exec.Payloads;
import dev.pawl.exec.Policies;
import dev.pawl.exec.Surroundings;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the submissions of new runs: those that people want, those that go on from earlier ones, and children. */
final class Submissions implements Surroundings.Births {

    private final Catalog catalog;
    private final RunIds ids;
    private final Payloads payloads;
    private final Clock clock;
    private final BiConsumer<RunId, Json> remember;
    private final Function<RunId, @Nullable Json> labels;
    private final @Nullable Policies policies;

    /**
     * @param remember keeps an input at hand for the first tasks of its run
     * @param labels of the runs that are there
     * @param policies decides what may be submitted; null if everything may
     */
    Submissions(
            Catalog catalog,
            RunIds ids,
            Payloads payloads,
            Clock clock,
            BiConsumer<RunId, Json> remember,
            Function<RunId, @Nullable Json> labels,
            @Nullable Policies policies) {
        this.catalog = catalog;
        this.ids = ids;
        this.payloads = payloads;
        this.clock = clock;
        this.remember = remember;
        this.labels = labels;
        this.policies = policies;
    }

    /** A run that somebody wants. */
    Entry.Submission of(Program program, Json input, Submit how) {
        int definition = catalog.definition(program);
        var id = ids.next();
        var start = program.start(input);
        var tenant = how.tenant().isEmpty() ? program.tenant() : how.tenant();
        var placement = new Placement(queue(program, how.queue()), how.priority(), tenant);
        long now = clock.now();
        return make(
                id,
                definition,
                program,
                placement,
                how.key(),
                keep(id, program, input),
                start,
                deadlineAt(program, how.deadline()),
                how.delay().isZero() ? 0 : now + how.delay().toMillis(),
                Entry.Origin.of(how.actor())
                        .in(how.slot() == null ? program.slot(input) : how.slot())
                        .labelled(labels(how.labels())),
                () -> input);
    }

    /** A run that goes on from an earlier one, with the same input. */
    Entry.Submission from(RunDetails earlier, Program program, Plan start, Link link, String actor) {
        var placement = earlier.run().placement();
        var origin = Entry.Origin.of(actor).from(earlier.id(), link).labelled(earlier.labels());
        int definition = catalog.definition(program);
        var deadlineAt = deadlineAt(program, null);
        return make(
                ids.next(),
                definition,
                program,
                placement,
                null,
                earlier.input(),
                start,
                deadlineAt,
                0,
                origin,
                () -> payloads.load(earlier.input()));
    }

    /** A run that begins anew where an earlier one began, with another input. */
    Entry.Submission anew(RunDetails earlier, Program program, Json input, String actor) {
        var id = ids.next();
        var origin = Entry.Origin.of(actor)
                .in(program.slot(input))
                .from(earlier.id(), Link.RESTART)
                .labelled(earlier.labels());
        int definition = catalog.definition(program);
        var placement = earlier.run().placement();
        var kept = keep(id, program, input);
        return make(
                id,
                definition,
                program,
                placement,
                null,
                kept,
                program.start(input),
                deadlineAt(program, null),
                0,
                origin,
                () -> input);
    }

    @Override
    public Entry.Submission of(Task parent, Journal.Start child) {
        var program = child.program();
        int definition = catalog.definition(program);
        var id = ids.next();
        var placement = new Placement(
                queue(program, child.queue()),
                Priority.NORMAL,
                parent.placement().key());
        var above = parent.key().run();
        var origin = Entry.Origin.of(above, child).labelled(labels.apply(above));
        return make(
                id,
                definition,
                program,
                placement,
                null,
                keep(id, program, child.input()),
                program.start(child.input()),
                deadlineAt(program, null),
                child.delay().isZero() ? 0 : clock.now() + child.delay().toMillis(),
                origin,
                child::input);
    }

    private @Nullable Long deadlineAt(Program program, @Nullable Duration wanted) {
        var time = wanted == null ? program.deadline() : wanted;
        return time == null ? null : clock.now() + time.toMillis();
    }

    private static String queue(Program program, @Nullable String wanted) {
        return wanted == null ? program.queue() : wanted;
    }

    private Payload keep(RunId id, Program program, Json input) {
        remember.accept(id, input);
        return payloads.keep(id, "The input of " + program.name(), input);
    }

    /** @param given the input, read only if a policy wants to see it */
    private Entry.Submission make(
            RunId id,
            int definition,
            Program program,
            Placement placement,
            @Nullable String key,
            Payload input,
            Plan start,
            @Nullable Long deadlineAt,
            long dueAt,
            Entry.Origin origin,
            Supplier<Json> given) {
        var submission = new Entry.Submission(
                id,
                definition,
                program,
                placement,
                key,
                input,
                start,
                deadlineAt,
                dueAt,
                origin,
                null,
                new CompletableFuture<>());
        var question = policies == null ? null : policies.submit(submission, given.get());
        return question == null ? submission : submission.asking(question);
    }

    private static @Nullable Json labels(Map<String, String> labels) {
        if (labels.isEmpty()) return null;
        return new Json(labels.entrySet().stream()
                .map(label -> Json.quote(label.getKey()) + ":" + Json.quote(label.getValue()))
                .collect(Collectors.joining(",", "{", "}")));
    }
}
