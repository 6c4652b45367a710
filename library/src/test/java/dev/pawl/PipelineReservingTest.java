package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.pipeline.Message;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever wants several messages gets all of them or none; and whoever wants what nobody can have is told. */
class PipelineReservingTest {

    private final List<Runnable> meanwhile = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    private void look() {
        if (!meanwhile.isEmpty()) meanwhile.removeFirst().run();
    }

    /** Takes what the test tells it to. */
    private Pipeline taking(Line line, List<List<Message<String>>> what) {
        return Pipeline.define(
                "taking",
                p -> p.consumer("append", Line.ORDERS)
                        .prepare(String.class, inbox -> {
                            var there = inbox.byIds(List.of("o1", "o2"));
                            seen.add("prepare");
                            look();
                            if (!what.isEmpty()) return Prepared.of("all", what.removeFirst());
                            return there.isEmpty() ? Prepared.nothing() : Prepared.of("all", there);
                        })
                        .mutate(String.class, line.till::book)
                        .next((out, order, outcome) -> {}));
    }

    /** Some of what was wanted was reserved, and nobody heard of the rest. */
    @ParameterizedTest
    @EnumSource
    void defect_e_all_is_reserved_or_nothing(Database database) {
        try (var line = Line.of(
                database,
                l -> Pipeline.define("race", p -> {
                    p.consumer("append", Line.ORDERS)
                            .prepare(String.class, inbox -> {
                                var all = inbox.peek();
                                seen.add(all.size() + " seen");
                                look();
                                return all.isEmpty() ? Prepared.nothing() : Prepared.of("all " + all.size(), all);
                            })
                            .mutate(String.class, l.till::book)
                            .next((out, order, outcome) -> {});
                    l.appends(p, "first", true).next((out, order, outcome) -> {});
                }))) {
            line.ordered("o1", "o2");
            var claims = line.worker.claim(2);
            assertThat(claims.getFirst().task().key().name()).isEqualTo("append");
            meanwhile.add(() -> {
                var other = claims.getLast();
                line.worker.end(other, line.worker.attempt(other));
            });
            var verdict = line.worker.attempt(claims.getFirst());
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 PENDING 1");
            assertThat(line.till.done).containsOnlyKeys(line.key("first", 0));
            line.worker.end(claims.getFirst(), verdict);
            line.pass(Line.LONG);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
            assertThat(line.till.done.values()).containsOnly(1).hasSize(2);
        }
    }

    /** Unknown messages were left out without a word. */
    @ParameterizedTest
    @EnumSource
    void defect_e_a_message_that_is_not_there_is_an_error_of_the_code(Database database) {
        var what = new ArrayList<List<Message<String>>>();
        try (var line = Line.of(database, l -> taking(l, what))) {
            what.add(List.of(new Message<>("ORDERS", "o1", "", 4711, 1, Instant.EPOCH, true)));
            line.ordered("o1").work();
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            assertThat(line.stage.problem(line.run).message()).contains("consumer \"append\"", "4711");
            assertThat(line.orders()).containsExactly("o1 PENDING 1");
            assertThat(line.till.calls).isEmpty();
        }
    }

    /** Another consumer works with it, perhaps for long: whoever looks it up by its id sees that. */
    @ParameterizedTest
    @EnumSource
    void defect_e_a_message_in_other_hands_is_seen_to_be(Database database) {
        try (var line = Line.of(
                database,
                l -> Pipeline.define("greedy", p -> {
                    p.consumer("all", Line.ORDERS)
                            .prepare(String.class, inbox -> {
                                var there = inbox.byIds(List.of("o1"));
                                there.forEach(one -> seen.add(one.id() + (one.pending() ? " is free" : " is taken")));
                                return Prepared.nothing();
                            })
                            .next((out, order) -> {});
                    l.appends(p, "append", true).next((out, order, outcome) -> {});
                }))) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(1);
            line.ordered("o1");
            var claims = line.worker.claim(2);
            line.worker.end(claims.getLast(), line.worker.attempt(claims.getLast()));
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.worker.end(claims.getFirst(), line.worker.attempt(claims.getFirst()));
            line.work();
            assertThat(seen).containsExactly("o1 is taken");
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
        }
    }

    /** A message that was taken long ago cannot be taken again, however it is found. */
    @ParameterizedTest
    @EnumSource
    void defect_e_a_message_that_is_consumed_cannot_be_taken_again(Database database) {
        try (var line = Line.of(database, l -> taking(l, new ArrayList<>()))) {
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            line.ordered("o2").work();
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            assertThat(line.stage.problem(line.run).message()).contains("\"o1\"", "did not see pending");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 PENDING 1");
            assertThat(line.till.calls).hasSize(1);
        }
    }
}
