package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.Disposal;
import dev.pawl.spi.Tx.How;
import dev.pawl.spi.Tx.Inheritance;
import dev.pawl.spi.Tx.Listening;
import dev.pawl.spi.Tx.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do with messages: topics, reservations, who is woken by them, and what they come from. */
public abstract class MessageContract {

    private static final String ORDERS = "orders";
    private static final String MAILS = "mails";
    private static final String SHOP = "shop";
    private static final String BILLING = "billing";
    private static final long LATER = Seed.NOW + 1_000_000;

    private Store store;
    private Seed seed;
    private RunId run;

    /** Opens a store on an empty database. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        seed = new Seed(store);
        run = seed.run(Placement.DEFAULT, 0);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- publishing -----------------------------------------------------------------------------------------------

    @Test
    void a_message_comes_back_as_it_was_published() {
        var artifact =
                new Message(run, 3, ORDERS, "ключ 🔑", Payload.artifact("sha"), "ann", 70, MessageStatus.PENDING);

        assertThat(publish(artifact)).containsExactly(3);

        assertThat(all()).containsExactly(artifact);
    }

    @Test
    void k58_publishing_twice_keeps_one_message_with_the_new_payload_and_its_place() {
        assertThat(publish(message(1, ORDERS, "a", "old"), message(2, MAILS, "a", "other")))
                .containsExactly(1, 2);

        assertThat(publish(message(3, ORDERS, "a", "new"))).containsExactly(1);

        assertThat(all())
                .extracting(Message::seq, Message::name, m -> m.payload().stored(), Message::status)
                .containsExactly(
                        tuple(1, ORDERS, "\"new\"", MessageStatus.PENDING),
                        tuple(2, MAILS, "\"other\"", MessageStatus.PENDING));
    }

    @Test
    void a_reserved_message_gets_the_new_payload_and_stays_reserved() {
        publish(message(1, ORDERS, "a", "old"));
        reserve(SHOP, 1);

        assertThat(publish(message(2, ORDERS, "a", "new"))).containsExactly(1);

        Message there = all().getFirst();
        assertThat(there.payload()).isEqualTo(payload("new"));
        assertThat(there.status()).isEqualTo(MessageStatus.RESERVED);
        assertThat(there.reservedBy()).isEqualTo(SHOP);
    }

    @Test
    void what_was_consumed_or_skipped_is_not_published_again() {
        publish(message(1, ORDERS, "a", "old"), message(2, ORDERS, "b", "old"));
        reserve(SHOP, 1);
        dispose(SHOP, MessageStatus.CONSUMED, 2, 1);
        reserve(SHOP, 2);
        dispose(SHOP, MessageStatus.SKIPPED, 2, 2);
        List<Message> before = all();

        assertThat(publish(
                        message(3, ORDERS, "a", "new"), message(4, ORDERS, "b", "new"), message(5, ORDERS, "c", "new")))
                .containsExactly(0, 0, 5);

        assertThat(all()).startsWith(before.toArray(Message[]::new)).hasSize(3);
    }

    @Test
    void messages_without_an_id_are_always_new() {
        assertThat(publish(message(1, ORDERS, null, "x"), message(2, ORDERS, null, "x"), message(3, ORDERS, "a", "x")))
                .containsExactly(1, 2, 3);
        assertThat(publish(message(4, ORDERS, null, "x"), message(5, ORDERS, "a", "y")))
                .containsExactly(4, 3);
        assertThat(publish()).isEmpty();

        assertThat(all()).extracting(Message::seq).containsExactly(1, 2, 3, 4);
    }

    @Test
    void two_messages_of_one_id_cannot_be_published_at_once() {
        assertThatThrownBy(() -> publish(message(1, ORDERS, "a", "x"), message(2, ORDERS, "a", "y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("'orders'");
        assertThat(publish(message(1, ORDERS, "a", "x"), message(2, MAILS, "a", "y")))
                .as("in two topics they are two")
                .containsExactly(1, 2);
    }

    @Test
    void a_message_of_another_run_is_another_message() {
        RunId other = seed.run(Placement.DEFAULT, 0);
        publish(message(1, ORDERS, "a", "x"));

        assertThat(publish(new Message(other, 1, ORDERS, "a", payload("y"), "test", 50, MessageStatus.PENDING)))
                .containsExactly(1);

        assertThat(all()).extracting(Message::payload).containsExactly(payload("x"));
    }

    @Test
    void ids_of_signals_are_told_apart_by_their_names() {
        boolean first = store.write(tx -> tx.send(message(1, ORDERS, "a", "x")));
        boolean again = store.write(tx -> tx.send(message(2, ORDERS, "a", "y")));
        boolean other = store.write(tx -> tx.send(message(2, MAILS, "a", "z")));

        assertThat(List.of(first, again, other)).containsExactly(true, false, true);
        assertThat(all()).extracting(Message::payload).containsExactly(payload("x"), payload("z"));
    }

    @Test
    void many_messages_are_published_at_once() {
        var many = IntStream.rangeClosed(1, 6_000)
                .mapToObj(n -> message(n, ORDERS, "id-" + n, "x"))
                .toArray(Message[]::new);

        assertThat(publish(many)).hasSize(6_000).startsWith(1, 2, 3).endsWith(5_999, 6_000);
        assertThat(store.messageCounts(run)).isEqualTo(Map.of(ORDERS, Map.of(MessageStatus.PENDING, 6_000)));
    }

    // ---- reservations ---------------------------------------------------------------------------------------------

    @Test
    void k59_only_what_is_pending_is_reserved_and_all_of_it_or_nothing() {
        publish(message(1, ORDERS, null, "x"), message(2, ORDERS, null, "x"), message(3, MAILS, null, "x"));

        assertThat(reserve(SHOP, 1, 3)).isTrue();
        assertThat(reserve(BILLING, 1)).as("somebody else has it").isFalse();
        assertThat(reserve(BILLING, 2, 3)).as("one of them is reserved").isFalse();
        assertThat(reserve(BILLING, 2, 9)).as("one of them was never sent").isFalse();
        assertThat(reserve(SHOP, 1)).as("it is reserved already").isFalse();
        assertThat(reserve(BILLING)).as("nothing can fail").isTrue();

        assertThat(all())
                .extracting(Message::status)
                .containsExactly(MessageStatus.RESERVED, MessageStatus.PENDING, MessageStatus.RESERVED);
        assertThat(all().get(2).reservedBy()).isEqualTo(SHOP);
        assertThat(reserved(SHOP)).isEqualTo(2);
        assertThat(reserved(BILLING)).isZero();
    }

    @Test
    void k59_only_what_is_ones_own_is_consumed_and_that_for_ever() {
        publish(message(1, ORDERS, null, "x"), message(2, ORDERS, null, "x"), message(3, ORDERS, null, "x"));
        reserve(SHOP, 3, 1);
        reserve(BILLING, 2);

        dispose(SHOP, MessageStatus.CONSUMED, 3, 1, 2, 3);
        dispose(SHOP, MessageStatus.PENDING, 3, 1, 2, 3);

        assertThat(all())
                .extracting(Message::status)
                .containsExactly(MessageStatus.CONSUMED, MessageStatus.RESERVED, MessageStatus.CONSUMED);
        assertThat(all().getFirst().reservedBy()).as("whose it was stays known").isEqualTo(SHOP);
        assertThat(reserve(BILLING, 1)).isFalse();
        assertThat(reserved(SHOP)).isZero();
    }

    @Test
    void k59_what_is_released_is_pending_again_in_another_delivery() {
        publish(message(1, ORDERS, null, "x"), message(2, ORDERS, null, "x"));
        for (int delivery = 1; delivery <= 3; delivery++) {
            assertThat(all().getFirst().delivery()).isEqualTo(delivery);
            assertThat(reserve(SHOP, 1)).isTrue();
            dispose(SHOP, MessageStatus.PENDING, 2, 1, 2);
        }

        Message released = all().getFirst();
        assertThat(released.status()).isEqualTo(MessageStatus.PENDING);
        assertThat(released.reservedBy()).isNull();
        assertThat(all().get(1).delivery()).isEqualTo(1);
    }

    @Test
    void k59_what_is_skipped_is_never_delivered_again() {
        publish(message(1, ORDERS, null, "x"));
        reserve(SHOP, 1);

        dispose(SHOP, MessageStatus.SKIPPED, 1, 1);
        dispose(SHOP, MessageStatus.PENDING, 1, 1);

        assertThat(all().getFirst().status()).isEqualTo(MessageStatus.SKIPPED);
        assertThat(reserve(SHOP, 1)).isFalse();
    }

    @Test
    void what_is_reserved_cannot_be_reserved_by_disposing_of_it() {
        publish(message(1, ORDERS, null, "x"));
        reserve(SHOP, 1);

        assertThatThrownBy(() -> dispose(SHOP, MessageStatus.RESERVED, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RESERVED");
        assertThat(reserved(SHOP)).isEqualTo(1);
    }

    @Test
    void reservations_of_another_run_are_not_touched() {
        RunId other = seed.run(Placement.DEFAULT, 0);
        publish(message(1, ORDERS, null, "x"));
        publish(new Message(other, 1, ORDERS, null, payload("y"), "test", 50, MessageStatus.PENDING));
        reserve(SHOP, 1);
        store.writes(tx -> tx.reserve(List.of(new Reservation(other, SHOP, List.of(1)))));

        dispose(SHOP, MessageStatus.CONSUMED, 1, 1);

        int left = store.write(tx -> tx.reserved(other, SHOP));
        assertThat(left).isEqualTo(1);
    }

    // ---- news -----------------------------------------------------------------------------------------------------

    @Test
    void the_oldest_pending_message_of_some_topics_says_since_when() {
        publish(
                message(1, ORDERS, null, "x"),
                message(2, MAILS, null, "x"),
                message(3, ORDERS, null, "x"),
                message(4, "other", null, "x"));

        assertThat(pendingSince(0, ORDERS, MAILS)).contains(at(1));
        assertThat(pendingSince(0, MAILS)).contains(at(2));
        assertThat(pendingSince(1, ORDERS, MAILS)).contains(at(2));
        assertThat(pendingSince(2, ORDERS, MAILS)).contains(at(3));
        assertThat(pendingSince(3, ORDERS, MAILS)).isEmpty();
        assertThat(pendingSince(0, "none")).isEmpty();
        assertThat(pendingSince(0)).isEmpty();
        reserve(SHOP, 1);
        assertThat(pendingSince(0, ORDERS)).contains(at(3));
    }

    @Test
    void what_is_released_or_published_again_is_news() {
        publish(message(1, ORDERS, "a", "x"), message(2, ORDERS, "b", "x"));
        assertThat(pendingSince(2, ORDERS)).isEmpty();

        publish(message(3, ORDERS, "b", "y"));
        assertThat(pendingSince(2, ORDERS)).contains(at(2));
        assertThat(pendingSince(3, ORDERS)).isEmpty();

        reserve(SHOP, 1);
        dispose(SHOP, MessageStatus.PENDING, 4, 1);
        assertThat(pendingSince(3, ORDERS)).contains(at(1));
        assertThat(pendingSince(4, ORDERS)).isEmpty();
    }

    @Test
    void a_signal_is_news_as_well() {
        store.writes(tx -> tx.send(message(5, ORDERS, null, "x")));

        assertThat(pendingSince(4, ORDERS)).contains(at(5));
        assertThat(pendingSince(5, ORDERS)).isEmpty();
    }

    // ---- who is woken ---------------------------------------------------------------------------------------------

    @Test
    void a_message_wakes_those_that_listen_to_its_topic() {
        listening("shop", 0, "\nINVOICES\nROWS\n");
        listening("billing", 0, "\nROWS\n");
        listening("mailer", 0, "\nMAILS\n");

        assertThat(woken("INVOICES")).containsExactly("shop[0]");
        assertThat(woken("ROWS")).containsExactly("billing[0]", "shop[0]");
    }

    @Test
    void topics_whose_names_contain_one_another_or_look_like_patterns_are_told_apart() {
        listening("shop", 0, "\nAB\nB_C\n");
        listening("billing", 0, "\nA\n");
        listening("mailer", 0, "\n%\n");

        assertThat(woken("A")).containsExactly("billing[0]");
        assertThat(woken("B")).containsExactly("billing[0]");
        assertThat(woken("BXC")).containsExactly("billing[0]");
        assertThat(woken("ab")).containsExactly("billing[0]");
        assertThat(woken("AB")).containsExactly("billing[0]", "shop[0]");
        assertThat(woken("%")).containsExactly("billing[0]", "mailer[0]", "shop[0]");
    }

    @Test
    void whoever_listens_to_no_topic_in_particular_is_woken_by_all() {
        RunId parked = seed.run(Placement.DEFAULT, 1);
        var claim = seed.claim(Placement.DEFAULT_QUEUE, 1).getFirst();
        var end = Seed.end(claim, TaskStatus.READY);
        store.write(tx -> tx.end(List.of(end.again(LATER, false, How.RETURNED, true))));

        store.writes(tx -> tx.wake(parked, "ANY", Seed.NOW));

        assertThat(seed.claim(Placement.DEFAULT_QUEUE, 9))
                .extracting(woken -> woken.task().key())
                .containsExactly(new TaskKey(parked, Seed.STEP, 0));
    }

    @Test
    void who_listens_to_a_topic_is_not_woken_when_none_is_named() {
        listening("shop", 0, "\nINVOICES\n");
        waiting("sleeper", 0, null, LATER);

        store.writes(tx -> tx.wake(run, null, Seed.NOW));

        assertThat(due()).isEmpty();
    }

    @Test
    void only_waiting_tasks_are_woken_and_never_later_than_they_were_due() {
        waiting("due", 0, "\nINVOICES\n", Seed.NOW - 5);
        listening("late", 0, "\nINVOICES\n");
        store.writes(tx -> tx.hold(run, true, null));

        assertThat(woken("INVOICES")).containsExactly("due[0]", "late[0]");

        assertThat(wakeAt("due")).isEqualTo(Seed.NOW - 5);
        assertThat(seed.claim(Placement.DEFAULT_QUEUE, 9))
                .as("their run is held")
                .isEmpty();
    }

    @Test
    void a_step_is_woken_whether_it_listens_or_not() {
        waiting("shop", 0, null, LATER);
        listening("shop", 1, "\nINVOICES\n");
        waiting("shop", 2, null, Seed.NOW - 5);
        waiting("billing", 0, null, LATER);

        store.writes(tx -> tx.wakeStep(run, "shop", Seed.NOW));

        assertThat(due()).containsExactly("shop[0]", "shop[1]", "shop[2]");
        assertThat(store.tasks(run, "shop", 2, 1).getFirst().task().wakeAt()).isEqualTo(Seed.NOW - 5);
    }

    @Test
    void a_task_in_its_lease_is_not_woken() {
        listening("shop", 0, "\nINVOICES\n");
        woken("INVOICES");
        Claim claim = seed.claim(Placement.DEFAULT_QUEUE, 1).getFirst();

        store.writes(tx -> tx.wake(run, "INVOICES", Seed.NOW));
        store.writes(tx -> tx.wakeStep(run, "shop", Seed.NOW));

        assertThat(wakeAt("shop")).isEqualTo(Seed.NOW + Seed.LEASE);
        assertThat(seed.succeed(List.of(claim))).containsExactly(true);
    }

    @Test
    void listening_tasks_are_parked_in_batches_too() {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < 20; i++) tasks.add(task("shop", i, i % 2 == 0 ? "\nINVOICES\n" : null, LATER));
        store.writes(tx -> tx.insertTasks(tasks, Seed.NOW));

        assertThat(woken("INVOICES")).hasSize(10).doesNotContain("shop[1]");
    }

    // ---- what comes from what -------------------------------------------------------------------------------------

    @Test
    void k63_an_input_is_registered_once_and_keeps_its_number() {
        assertThat(register(mail("1", "Hello"), mail("2", "Two"))).containsExactly(1, 2);
        assertThat(register(
                        mail("3", "Three"),
                        mail("1", "Hello again"),
                        new Input("imap", "mail", "1", ""),
                        new Input("gmail", "thread", "1", ""),
                        mail("3", "Three!")))
                .containsExactly(3, 1, 4, 5, 3);
        RunId other = seed.run(Placement.DEFAULT, 0);
        int[] there = store.write(tx -> tx.register(other, List.of(mail("9", "x"), mail("1", "x")), 1));
        assertThat(there).containsExactly(1, 2);

        assertThat(store.inputs(run, 0, 10)).extracting(InputDetails::number).containsExactly(1, 2, 3, 4, 5);
        assertThat(store.inputs(run, 0, 1))
                .containsExactly(new InputDetails(1, mail("1", "Hello again"), Seed.NOW, 0, 0));
        assertThat(store.inputs(run, 2, 1)).extracting(InputDetails::input).containsExactly(mail("3", "Three!"));
        assertThat(register()).isEmpty();
    }

    @Test
    void k62_causes_are_handed_on_through_two_generations() {
        register(mail("1", "One"), mail("2", "Two"), mail("3", "Three"));
        publish(message(1, MAILS, null, "x"), message(2, MAILS, null, "x"), message(3, MAILS, null, "x"));
        caused(1, 1);
        caused(2, 2);
        caused(3, 3, 2);

        reserve(SHOP, 1, 2);
        publish(message(4, ORDERS, null, "x"), message(5, ORDERS, null, "x"));
        inherited(SHOP, 4, 5);
        dispose(SHOP, MessageStatus.CONSUMED, 5, 1, 2);
        reserve(BILLING, 5);
        publish(message(6, "rows", null, "x"));
        inherited(BILLING, 6);
        inherited(BILLING, 6);

        assertThat(store.inputsOf(run, 2)).extracting(InputDetails::number).containsExactly(2, 3);
        assertThat(store.inputsOf(run, 4)).extracting(InputDetails::number).containsExactly(1, 2, 3);
        assertThat(store.inputsOf(run, 6)).extracting(InputDetails::number).containsExactly(1, 2, 3);
        assertThat(store.messagesOf(run, 1)).extracting(Message::seq).containsExactly(1, 4, 5, 6);
        assertThat(store.messagesOf(run, 3)).extracting(Message::seq).containsExactly(2, 3, 4, 5, 6);
        assertThat(store.inputsOf(run, 9)).isEmpty();
        assertThat(store.messagesOf(run, 9)).isEmpty();
    }

    @Test
    void what_nobody_has_reserved_causes_nothing() {
        register(mail("1", "One"));
        publish(message(1, MAILS, null, "x"), message(2, ORDERS, null, "x"));
        caused(1, 1);

        inherited(SHOP, 2);

        assertThat(store.inputsOf(run, 2)).isEmpty();
    }

    @Test
    void k64_an_input_is_pending_until_all_that_it_caused_is_done() {
        register(mail("1", "One"));
        assertThat(input()).extracting(InputDetails::isPending).isEqualTo(true);
        publish(message(1, MAILS, null, "x"), message(2, MAILS, null, "x"), message(3, MAILS, null, "x"));
        caused(1, 1, 2);
        reserve(SHOP, 1);
        assertThat(input()).extracting(InputDetails::pending).isEqualTo(2);

        dispose(SHOP, MessageStatus.CONSUMED, 3, 1);
        assertThat(input()).isEqualTo(new InputDetails(1, mail("1", "One"), Seed.NOW, 1, 1));
        assertThat(input().isPending()).isTrue();
        reserve(SHOP, 2);
        dispose(SHOP, MessageStatus.SKIPPED, 3, 2);

        assertThat(input()).isEqualTo(new InputDetails(1, mail("1", "One"), Seed.NOW, 0, 2));
        assertThat(input().isPending()).isFalse();
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    @Test
    void k60_a_look_into_a_topic_sees_what_is_pending_oldest_first() {
        publish(
                message(1, ORDERS, null, "x"),
                message(2, MAILS, null, "x"),
                message(3, ORDERS, null, "x"),
                message(4, ORDERS, null, "x"),
                message(5, ORDERS, null, "x"));
        reserve(SHOP, 3);

        assertThat(store.messages(run, ORDERS, 10)).extracting(Message::seq).containsExactly(1, 4, 5);
        assertThat(store.messages(run, ORDERS, 2)).extracting(Message::seq).containsExactly(1, 4);
        assertThat(store.messages(run, null, 10)).extracting(Message::seq).containsExactly(1, 2, 4, 5);
        dispose(SHOP, MessageStatus.PENDING, 5, 3);
        assertThat(store.messages(run, ORDERS, 2)).extracting(Message::seq).containsExactly(1, 3);
    }

    @Test
    void k60_messages_are_found_by_their_ids_whatever_their_status_in_their_topic_only() {
        publish(
                message(1, ORDERS, "a", "x"),
                message(2, MAILS, "b", "x"),
                message(3, ORDERS, "c\"d", "x"),
                message(4, ORDERS, null, "x"),
                message(5, ORDERS, "e", "x"));
        reserve(SHOP, 3);
        dispose(SHOP, MessageStatus.CONSUMED, 5, 3);
        reserve(SHOP, 1);

        assertThat(store.messages(run, ORDERS, List.of("none", "c\"d", "b", "a")))
                .extracting(Message::seq)
                .containsExactly(1, 3);
        assertThat(store.messages(run, ORDERS, List.of())).isEmpty();
    }

    @Test
    void messages_are_read_in_pages_by_topic_and_status() {
        for (int n = 1; n <= 9; n++) publish(message(n, n % 3 == 0 ? MAILS : ORDERS, null, "x"));
        reserve(SHOP, 2, 3);
        dispose(SHOP, MessageStatus.CONSUMED, 9, 2, 3);
        reserve(SHOP, 4);

        assertThat(page(null, null, 0, 3)).containsExactly(1, 2, 3);
        assertThat(page(null, null, 3, 3)).containsExactly(4, 5, 6);
        assertThat(page(ORDERS, null, 2, 3)).containsExactly(4, 5, 7);
        assertThat(page(ORDERS, MessageStatus.PENDING, 1, 2)).containsExactly(5, 7);
        assertThat(page(ORDERS, MessageStatus.PENDING, 7, 2)).containsExactly(8);
        assertThat(page(null, MessageStatus.CONSUMED, 0, 9)).containsExactly(2, 3);
        assertThat(page(MAILS, MessageStatus.CONSUMED, 0, 9)).containsExactly(3);
        assertThat(page("none", null, 0, 9)).isEmpty();
        assertThat(store.messageCounts(run))
                .isEqualTo(Map.of(
                        ORDERS, Map.of(MessageStatus.PENDING, 4, MessageStatus.RESERVED, 1, MessageStatus.CONSUMED, 1),
                        MAILS, Map.of(MessageStatus.PENDING, 2, MessageStatus.CONSUMED, 1)));
    }

    // ---- versions -------------------------------------------------------------------------------------------------

    @Test
    void after_a_migration_only_workers_with_the_new_definition_claim() {
        RunId moved = seed.run(Placement.DEFAULT, 3);
        assertThat(seed.succeed(seed.claim(Placement.DEFAULT_QUEUE, 1))).containsExactly(true);
        Claim running = seed.claim(Placement.DEFAULT_QUEUE, 1).getFirst();
        int fixed = store.write(tx -> tx.define(Seed.PROGRAM, "2", Json.NULL, Seed.NOW))
                .id();
        claim(fixed, Seed.NOW + 100_000); // from now on it looks for what is due later

        store.writes(tx -> tx.migrate(moved, fixed));

        assertThat(store.run(moved).orElseThrow().run().definition()).isEqualTo(fixed);
        assertThat(store.run(moved).orElseThrow().version()).isEqualTo("2");
        assertThat(store.tasks(moved, null, 0, 9))
                .extracting(found -> found.task().definition())
                .containsExactly(seed.definition(), fixed, fixed);
        assertThat(claim(seed.definition(), Seed.NOW + Seed.LEASE)).isEmpty();
        assertThat(seed.succeed(List.of(running)))
                .as("whoever is at it may end it")
                .containsExactly(true);
        assertThat(claim(fixed, Seed.NOW + 100_000)).hasSize(1);
    }

    // ---- by hand --------------------------------------------------------------------------------------------------

    private List<Claim> claim(int definition, long now) {
        return store.write(tx -> tx.claim(new ClaimRequest(
                seed.worker(), List.of(definition), List.of(Placement.DEFAULT_QUEUE), 9, now, now + Seed.LEASE)));
    }

    private static long at(int seq) {
        return Seed.NOW + seq;
    }

    private static Payload payload(String text) {
        return Payload.inline(new Json(Json.quote(text)));
    }

    private Message message(int seq, String topic, @Nullable String id, String text) {
        return new Message(run, seq, topic, id, payload(text), "test", at(seq), MessageStatus.PENDING);
    }

    private int[] publish(Message... messages) {
        return store.write(tx -> tx.publish(List.of(messages)));
    }

    private boolean reserve(String by, Integer... seqs) {
        return store.write(tx -> tx.reserve(List.of(new Reservation(run, by, List.of(seqs))))[0]);
    }

    private void dispose(String by, MessageStatus to, int mail, Integer... seqs) {
        store.writes(tx -> tx.dispose(
                Stream.of(seqs).map(seq -> new Disposal(run, seq, by, to, mail)).toList()));
    }

    private int reserved(String by) {
        return store.write(tx -> tx.reserved(run, by));
    }

    private Optional<Long> pendingSince(int after, String... topics) {
        long since = store.write(tx -> tx.pendingSince(List.of(new Listening(run, List.of(topics), after)))[0]);
        return since == Long.MAX_VALUE ? Optional.empty() : Optional.of(since);
    }

    private void caused(int input, Integer... messages) {
        store.writes(tx -> tx.caused(Stream.of(messages)
                .map(message -> new Cause(run, input, message))
                .toList()));
    }

    private void inherited(String by, Integer... messages) {
        store.writes(tx -> tx.inherited(Stream.of(messages)
                .map(message -> new Inheritance(run, by, message))
                .toList()));
    }

    private int[] register(Input... inputs) {
        return store.write(tx -> tx.register(run, List.of(inputs), Seed.NOW));
    }

    private static Input mail(String id, String title) {
        return new Input("gmail", "mail", id, title);
    }

    private InputDetails input() {
        return store.inputs(run, 0, 1).getFirst();
    }

    private List<Message> all() {
        return store.messages(new MessageFilter(run, null, null, 0, Integer.MAX_VALUE));
    }

    private List<Integer> page(@Nullable String topic, @Nullable MessageStatus status, int after, int limit) {
        return store.messages(new MessageFilter(run, topic, status, after, limit)).stream()
                .map(Message::seq)
                .toList();
    }

    private Task task(String name, int index, @Nullable String topics, long wakeAt) {
        return new Task(
                new TaskKey(run, name, index),
                TaskStatus.READY,
                seed.definition(),
                Placement.DEFAULT,
                0,
                0,
                0,
                0,
                wakeAt,
                false,
                null,
                topics);
    }

    private void waiting(String name, int index, @Nullable String topics, long wakeAt) {
        store.writes(tx -> tx.insertTasks(List.of(task(name, index, topics, wakeAt)), Seed.NOW));
    }

    private void listening(String name, int index, String topics) {
        waiting(name, index, topics, LATER);
    }

    /** Those that are due after a message. */
    private List<String> woken(String topic) {
        store.writes(tx -> tx.wake(run, topic, Seed.NOW));
        return due();
    }

    private List<String> due() {
        return store.tasks(run, null, 0, 100).stream()
                .filter(found -> found.task().wakeAt() <= Seed.NOW)
                .map(found -> found.task().key().label())
                .toList();
    }

    private long wakeAt(String name) {
        return store.tasks(run, name, 0, 1).getFirst().task().wakeAt();
    }
}
