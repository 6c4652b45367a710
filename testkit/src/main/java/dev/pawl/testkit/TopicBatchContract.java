package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.core.Input;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Store.MessageFilter;
import dev.pawl.spi.Tx.Cause;
import dev.pawl.spi.Tx.Disposal;
import dev.pawl.spi.Tx.Heard;
import dev.pawl.spi.Tx.Inheritance;
import dev.pawl.spi.Tx.Listening;
import dev.pawl.spi.Tx.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do with what one transaction changes in the topics of several runs at once. */
public abstract class TopicBatchContract {

    private static final String ORDERS = "orders";
    private static final String MAILS = "mails";
    private static final String SHOP = "shop";
    private static final String BILLING = "billing";
    private static final long LATER = Seed.NOW + 1_000_000;

    private Store store;
    private Seed seed;
    private RunId one;
    private RunId two;

    /** Opens a store on an empty database. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        seed = new Seed(store);
        one = seed.run(Placement.DEFAULT, 0);
        two = seed.run(Placement.DEFAULT, 0);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- publishing -----------------------------------------------------------------------------------------------

    @Test
    void messages_of_several_runs_are_published_at_once_and_their_ids_do_not_meet() {
        publish(message(one, 1, ORDERS, "known"), message(two, 1, ORDERS, null), message(two, 2, ORDERS, "done"));
        reserve(want(two, SHOP, 2));
        dispose(done(two, SHOP, MessageStatus.CONSUMED, 2));

        assertThat(publish(
                        message(two, 3, ORDERS, "known"),
                        message(one, 2, ORDERS, "known"),
                        message(two, 4, ORDERS, "done"),
                        message(one, 3, ORDERS, "done"),
                        message(one, 4, MAILS, "known")))
                .containsExactly(3, 1, 0, 3, 4);

        assertThat(all(one)).extracting(Message::seq).containsExactly(1, 3, 4);
        assertThat(all(two)).extracting(Message::seq).containsExactly(1, 2, 3);
    }

    // ---- reservations ---------------------------------------------------------------------------------------------

    @Test
    void k59_each_reservation_gets_all_of_its_messages_or_none_whatever_becomes_of_the_others() {
        publishMany(one, 5);
        publishMany(two, 3);
        reserve(want(one, BILLING, 3));

        assertThat(reserve(
                        want(one, SHOP, 1, 3, 2), // somebody has one of them
                        want(two, SHOP, 2, 1),
                        want(two, BILLING, 3, 9), // one of them was never sent
                        want(one, BILLING),
                        want(one, BILLING, 4, 5)))
                .containsExactly(false, true, false, true, true);

        assertThat(standing(one)).containsExactly("-", "-", BILLING, BILLING, BILLING);
        assertThat(standing(two)).containsExactly(SHOP, SHOP, "-");
        assertThat(all(one))
                .as("what was given back was never delivered")
                .extracting(Message::delivery)
                .containsOnly(1);
        assertThat(reserve()).isEmpty();
    }

    @Test
    void what_a_failed_reservation_gives_back_is_to_be_had_in_the_same_transaction_and_is_no_news() {
        publishMany(one, 2);
        reserve(want(one, BILLING, 2));

        store.writes(tx -> {
            assertThat(tx.reserve(List.of(want(one, SHOP, 1, 2)))).containsExactly(false);
            assertThat(tx.reserved(one, SHOP)).isZero();
            assertThat(tx.pendingSince(List.of(listening(one, 0, ORDERS), listening(one, 1, ORDERS))))
                    .containsExactly(at(1), Long.MAX_VALUE);
            assertThat(tx.reserve(List.of(want(one, SHOP, 1)))).containsExactly(true);
        });

        assertThat(standing(one)).containsExactly(SHOP, BILLING);
    }

    @Test
    void many_reservations_are_told_apart() {
        publishMany(one, 6_000);
        reserve(want(one, BILLING, 5_500));

        var wanted = IntStream.rangeClosed(1, 3_000)
                .mapToObj(n -> want(one, SHOP, 2 * n - 1, 2 * n))
                .toArray(Reservation[]::new);
        boolean[] reserved = reserve(wanted);

        assertThat(IntStream.range(0, reserved.length).filter(i -> !reserved[i]))
                .containsExactly(5_500 / 2 - 1);
        assertThat(reservedBy(one, SHOP)).isEqualTo(5_998);
        assertThat(all(one).get(5_498).status()).isEqualTo(MessageStatus.PENDING);
    }

    // ---- disposals ------------------------------------------------------------------------------------------------

    @Test
    void k59_messages_of_several_runs_are_consumed_skipped_and_released_at_once() {
        publishMany(one, 3);
        publishMany(two, 3);
        reserve(want(one, SHOP, 1, 2, 3), want(two, SHOP, 1, 2), want(two, BILLING, 3));

        dispose(
                done(one, SHOP, MessageStatus.CONSUMED, 1),
                done(two, SHOP, MessageStatus.SKIPPED, 1),
                new Disposal(one, 2, SHOP, MessageStatus.PENDING, 7),
                new Disposal(two, 3, BILLING, MessageStatus.PENDING, 9));

        assertThat(all(one))
                .extracting(Message::status, Message::reservedBy, Message::delivery)
                .containsExactly(
                        tuple(MessageStatus.CONSUMED, SHOP, 1),
                        tuple(MessageStatus.PENDING, null, 2),
                        tuple(MessageStatus.RESERVED, SHOP, 1));
        assertThat(all(two))
                .extracting(Message::status, Message::reservedBy, Message::delivery)
                .containsExactly(
                        tuple(MessageStatus.SKIPPED, SHOP, 1),
                        tuple(MessageStatus.RESERVED, SHOP, 1),
                        tuple(MessageStatus.PENDING, null, 2));
        assertThat(pendingSince(listening(one, 6, ORDERS), listening(one, 7, ORDERS), listening(two, 8, ORDERS)))
                .as("news at its own time in each run")
                .containsExactly(at(2), Long.MAX_VALUE, at(3));
    }

    @Test
    void k59_only_what_this_name_has_reserved_is_disposed_of_and_only_what_is_named() {
        publishMany(one, 4);
        publishMany(two, 1);
        reserve(want(one, SHOP, 1, 2), want(one, BILLING, 3), want(two, BILLING, 1));
        List<Message> before = all(one);

        for (var to : List.of(MessageStatus.CONSUMED, MessageStatus.SKIPPED, MessageStatus.PENDING)) {
            dispose(
                    done(one, SHOP, to, 3), // of somebody else
                    done(one, SHOP, to, 4), // of nobody
                    done(one, SHOP, to, 9), // not there
                    done(two, SHOP, to, 1), // of somebody else in another run
                    done(one, BILLING, to, 1));
        }
        assertThat(all(one)).isEqualTo(before);
        assertThat(standing(two)).containsExactly(BILLING);

        dispose(done(one, SHOP, MessageStatus.CONSUMED, 2));
        assertThat(all(one))
                .extracting(Message::status)
                .containsExactly(
                        MessageStatus.RESERVED, MessageStatus.CONSUMED, MessageStatus.RESERVED, MessageStatus.PENDING);
        assertThat(reservedBy(one, SHOP)).isEqualTo(1);
    }

    @Test
    void what_is_disposed_of_shows_in_the_same_transaction() {
        publishMany(one, 2);
        publishMany(two, 1);
        reserve(want(one, SHOP, 1, 2), want(two, SHOP, 1));

        store.writes(tx -> {
            tx.dispose(List.of(
                    new Disposal(one, 2, SHOP, MessageStatus.PENDING, 3),
                    new Disposal(one, 1, SHOP, MessageStatus.CONSUMED, 3),
                    new Disposal(two, 1, SHOP, MessageStatus.PENDING, 2)));
            assertThat(tx.pendingSince(List.of(listening(two, 1, ORDERS), listening(one, 2, ORDERS))))
                    .containsExactly(at(1), at(2));
            tx.dispose(List.of(done(two, SHOP, MessageStatus.CONSUMED, 1)));
            assertThat(tx.reserve(List.of(want(two, BILLING, 1), want(one, BILLING, 1))))
                    .containsExactly(true, false);
            assertThat(tx.reserved(one, SHOP)).isZero();
            tx.dispose(List.of(done(two, BILLING, MessageStatus.SKIPPED, 1)));
        });

        assertThat(all(two))
                .extracting(Message::status, Message::reservedBy)
                .containsExactly(tuple(MessageStatus.SKIPPED, BILLING));
    }

    // ---- news -----------------------------------------------------------------------------------------------------

    @Test
    void each_task_hears_since_when_its_own_message_is_there() {
        publish(
                message(one, 1, ORDERS, null),
                message(one, 2, MAILS, null),
                message(two, 1, MAILS, null),
                message(two, 2, ORDERS, null));

        assertThat(pendingSince(
                        listening(two, 0, ORDERS, "none"),
                        listening(one, 9, ORDERS, MAILS),
                        listening(one, 1, ORDERS, MAILS),
                        listening(two, 0, MAILS, ORDERS),
                        listening(two, 0),
                        listening(one, 0, MAILS, ORDERS)))
                .containsExactly(at(2), Long.MAX_VALUE, at(2), at(1), Long.MAX_VALUE, at(1));
        assertThat(pendingSince()).isEmpty();
    }

    @Test
    void many_tasks_are_told_apart() {
        publish(message(one, 1, ORDERS, null));
        publish(message(two, 1, MAILS, null), message(two, 2, ORDERS, null));

        var tasks = IntStream.range(0, 6_000)
                .mapToObj(n -> listening(n % 2 == 0 ? one : two, 0, ORDERS))
                .toArray(Listening[]::new);

        assertThat(pendingSince(tasks)).hasSize(6_000).startsWith(at(1), at(2)).endsWith(at(1), at(2));
    }

    // ---- who is woken ---------------------------------------------------------------------------------------------

    @Test
    void exactly_those_wake_that_listen_to_the_topics_heard_in_their_runs() {
        waiting(one, "a", "\nA\n");
        waiting(one, "ab", "\nAB\n");
        waiting(one, "both", "\nX\nAB\nA\n");
        waiting(two, "a", "\nA\n");
        waiting(two, "ab", "\nAB\n");
        waiting(two, "pattern", "\n%\nA_\n");
        RunId quiet = seed.run(Placement.DEFAULT, 0);
        waiting(quiet, "a", "\nA\n");

        wakeListeners(new Heard(one, "A"), new Heard(two, "AB"));

        assertThat(due(one)).containsExactly("a[0]", "both[0]");
        assertThat(due(two)).containsExactly("ab[0]");
        assertThat(due(quiet)).isEmpty();

        wakeListeners(new Heard(one, "AB"), new Heard(one, "A"), new Heard(two, "ab"), new Heard(two, "B"));
        assertThat(due(one)).containsExactly("a[0]", "ab[0]", "both[0]");
        assertThat(due(two)).containsExactly("ab[0]");
    }

    @Test
    void what_a_topic_wakes_listens_and_waits_and_is_not_due_yet() {
        waiting(one, "listener", "\nA\n");
        waiting(one, "sleeper", null);
        store.writes(tx -> tx.insertTasks(List.of(task(one, "due", "\nA\n", Seed.NOW - 5)), Seed.NOW));
        waiting(two, "leased", "\nA\n");
        wakeListeners(new Heard(two, "A"));
        store.writes(tx -> tx.hold(one, true, null));
        var claim = seed.claim(Placement.DEFAULT_QUEUE, 9).getFirst();

        wakeListeners(new Heard(one, "A"), new Heard(two, "A"));

        assertThat(due(one)).containsExactly("due[0]", "listener[0]");
        assertThat(wakeAt(one, "due")).isEqualTo(Seed.NOW - 5);
        assertThat(wakeAt(two, "leased")).isEqualTo(Seed.NOW + Seed.LEASE);
        assertThat(seed.succeed(List.of(claim))).containsExactly(true);
        wakeListeners(new Heard(two, "A"));
        assertThat(wakeAt(two, "leased")).as("it is over").isEqualTo(Seed.NOW);
    }

    @Test
    void listeners_that_this_transaction_inserts_are_woken_by_it() {
        store.writes(tx -> {
            tx.insertTasks(List.of(task(one, "a", "\nA\n", LATER), task(two, "a", "\nA\n", LATER)), Seed.NOW);
            tx.wakeListeners(List.of(new Heard(two, "A")), Seed.NOW);
        });

        assertThat(due(one)).isEmpty();
        assertThat(due(two)).containsExactly("a[0]");
    }

    // ---- what comes from what -------------------------------------------------------------------------------------

    @Test
    void k62_causes_of_several_runs_are_written_and_handed_on_at_once() {
        for (RunId run : List.of(one, two)) {
            store.writes(tx -> tx.register(run, List.of(mail("1"), mail("2"), mail("3")), Seed.NOW));
            publishMany(run, 5);
        }
        store.writes(tx -> tx.caused(List.of(
                new Cause(one, 1, 1),
                new Cause(two, 2, 1),
                new Cause(one, 2, 2),
                new Cause(two, 3, 2),
                new Cause(two, 3, 1),
                new Cause(one, 1, 1))));
        reserve(want(one, SHOP, 1), want(one, BILLING, 2), want(two, SHOP, 1, 2));

        store.writes(tx -> {
            tx.inherited(List.of(
                    new Inheritance(one, SHOP, 4),
                    new Inheritance(one, BILLING, 5),
                    new Inheritance(one, SHOP, 5),
                    new Inheritance(two, SHOP, 4),
                    new Inheritance(two, BILLING, 5)));
            // Whoever hands them on is done with them afterwards.
            tx.dispose(List.of(
                    done(one, SHOP, MessageStatus.CONSUMED, 1),
                    done(one, BILLING, MessageStatus.CONSUMED, 2),
                    done(two, SHOP, MessageStatus.CONSUMED, 1)));
            tx.inherited(List.of(new Inheritance(one, SHOP, 3), new Inheritance(two, SHOP, 3)));
        });

        assertThat(causes(one, 4)).containsExactly(1);
        assertThat(causes(one, 5)).containsExactly(1, 2);
        assertThat(causes(one, 3)).as("nothing was reserved any more").isEmpty();
        assertThat(causes(two, 4)).containsExactly(2, 3);
        assertThat(causes(two, 5)).isEmpty();
        assertThat(causes(two, 3)).as("of what was left").containsExactly(3);
    }

    // ---- by hand --------------------------------------------------------------------------------------------------

    private static long at(int seq) {
        return Seed.NOW + seq;
    }

    private static Message message(RunId run, int seq, String topic, @Nullable String id) {
        return new Message(run, seq, topic, id, Payload.inline(new Json("1")), "test", at(seq), MessageStatus.PENDING);
    }

    private int[] publish(Message... messages) {
        return store.write(tx -> tx.publish(List.of(messages)));
    }

    private void publishMany(RunId run, int count) {
        var messages = new ArrayList<Message>();
        for (int seq = 1; seq <= count; seq++) messages.add(message(run, seq, ORDERS, null));
        store.write(tx -> tx.publish(messages));
    }

    private static Reservation want(RunId run, String by, Integer... messages) {
        return new Reservation(run, by, List.of(messages));
    }

    private boolean[] reserve(Reservation... wanted) {
        return store.write(tx -> tx.reserve(List.of(wanted)));
    }

    private int reservedBy(RunId run, String by) {
        return store.write(tx -> tx.reserved(run, by));
    }

    private static Disposal done(RunId run, String by, MessageStatus to, int message) {
        return new Disposal(run, message, by, to, 9);
    }

    private void dispose(Disposal... messages) {
        store.writes(tx -> tx.dispose(List.of(messages)));
    }

    private static Listening listening(RunId run, int after, String... topics) {
        return new Listening(run, List.of(topics), after);
    }

    private long[] pendingSince(Listening... tasks) {
        return store.write(tx -> tx.pendingSince(List.of(tasks)));
    }

    private void wakeListeners(Heard... topics) {
        store.writes(tx -> tx.wakeListeners(List.of(topics), Seed.NOW));
    }

    private static Input mail(String id) {
        return new Input("gmail", "mail", id, "Hello");
    }

    private List<Integer> causes(RunId run, int message) {
        return store.inputsOf(run, message).stream().map(InputDetails::number).toList();
    }

    private List<Message> all(RunId run) {
        return store.messages(new MessageFilter(run, null, null, 0, Integer.MAX_VALUE));
    }

    /** Who has each message, in order. */
    private List<String> standing(RunId run) {
        return all(run).stream()
                .map(message -> message.reservedBy() == null ? "-" : message.reservedBy())
                .toList();
    }

    private Task task(RunId run, String name, @Nullable String topics, long wakeAt) {
        var key = new TaskKey(run, name, 0);
        return new Task(
                key, TaskStatus.READY, seed.definition(), Placement.DEFAULT, 0, 0, 0, 0, wakeAt, false, null, topics);
    }

    private void waiting(RunId run, String name, @Nullable String topics) {
        store.writes(tx -> tx.insertTasks(List.of(task(run, name, topics, LATER)), Seed.NOW));
    }

    private long wakeAt(RunId run, String name) {
        return store.tasks(run, name, 0, 1).getFirst().task().wakeAt();
    }

    private List<String> due(RunId run) {
        return store.tasks(run, null, 0, 100).stream()
                .filter(found -> found.task().wakeAt() <= Seed.NOW)
                .map(found -> found.task().key().label())
                .toList();
    }
}
