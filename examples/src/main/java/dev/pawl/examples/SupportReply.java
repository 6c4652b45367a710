package dev.pawl.examples;

import dev.pawl.graph.Graph;
import dev.pawl.http.HttpAnswer;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Approval;
import dev.pawl.io.Connector;
import java.time.Instant;

/**
 * An agent as a graph: a model says what a letter is about, drafts a reply until the draft is good, a person is asked about
 * one that stays poor, money is given back, and the reply is sent. Every call goes over HTTP and is recorded.
 *
 * <pre>
 * pawl run support-reply --input '{"from": "ann@example.com", "text": "The lamp came broken. I want my 40 euros back."}'
 * </pre>
 *
 * <p>This needs neither a key nor a server: {@link #GRAPH} calls {@link StubModel}, at a fixed address, and starts it with the
 * first call if nobody listens there. A replay makes no call and so starts nothing. With a model of yours it is {@code
 * SupportReply.at("https://desk.example.com", Http.client().allow("desk.example.com"))}: the address is fixed when the graph
 * is defined, as it is part of what is recorded, and nodes must not look into the surroundings for it.
 */
public final class SupportReply {

    /** The graph, with the stub for its model. */
    public static final Graph<Ticket> GRAPH = at(StubModel.URL, StubModel.ON_DEMAND);

    private static final double GOOD = 0.8;
    private static final int MOST_DRAFTS = 3;

    /** The state. A run begins with {@code from} and {@code text}; the nodes fill in the rest. */
    public record Ticket(
            String from,
            String text,
            Label label,
            Draft draft,
            int drafts,
            Approval approval,
            String refund,
            String mail,
            Instant sentAt) {

        Ticket labelled(Label found) {
            return new Ticket(from, text, found, draft, drafts, approval, refund, mail, sentAt);
        }

        Ticket drafted(Draft next) {
            return new Ticket(from, text, label, next, drafts + 1, approval, refund, mail, sentAt);
        }

        Ticket decided(Approval said) {
            return new Ticket(from, text, label, draft, drafts, said, refund, mail, sentAt);
        }

        Ticket refunded(Receipt receipt) {
            return new Ticket(from, text, label, draft, drafts, approval, receipt.id(), mail, sentAt);
        }

        Ticket sent(Receipt receipt, Instant at) {
            return new Ticket(from, text, label, draft, drafts, approval, refund, receipt.id(), at);
        }

        boolean isGood() {
            return draft.score() >= GOOD;
        }

        boolean isHopeless() {
            return !isGood() && drafts >= MOST_DRAFTS;
        }

        boolean wantsMoney() {
            return label.amount() > 0;
        }
    }

    /** What a letter is about, and how much money it asks for. */
    public record Label(String topic, double amount) {}

    /** A reply, and how good the model thinks it is, from 0 to 1. */
    public record Draft(String text, double score) {}

    /** What the other side calls what it did. */
    public record Receipt(String id) {}

    private record Question(String text, String topic, int draft) {}

    private record Refund(String to, double amount) {}

    private record Mail(String to, String text) {}

    private SupportReply() {}

    /** The graph with a model, a cash desk and a mail server that are reached at this address. */
    public static Graph<Ticket> at(String desk, Connector<HttpCall, HttpAnswer> http) {
        return Graph.define("support-reply", Ticket.class, g -> {
            var classify = g.node("classify", (t, io) -> {
                var asked = HttpCall.post(desk + "/classify").text(t.text());
                return t.labelled(io.call("llm.classify", http, asked).json(Label.class));
            });
            var draft = g.node("draft", (t, io) -> {
                var question = new Question(t.text(), t.label().topic(), t.drafts() + 1);
                var asked = HttpCall.post(desk + "/draft").json(question);
                return t.drafted(io.call("llm.draft", http, asked).json(Draft.class));
            });
            var ask = g.node("ask", (t, io) -> t.decided(io.approval("reply", t.draft())));
            var refund = g.node("refund", (t, io) -> {
                var wanted = new Refund(t.from(), t.label().amount());
                var paid = io.once(
                        "refund.pay", http, HttpCall.post(desk + "/refunds").json(wanted));
                return t.refunded(paid.json(Receipt.class));
            });
            var send = g.node("send", (t, io) -> {
                var mail = new Mail(t.from(), t.draft().text());
                var sent = io.once(
                        "mail.send", http, HttpCall.post(desk + "/mails").json(mail));
                return t.sent(sent.json(Receipt.class), io.now());
            });
            g.start(classify);
            classify.then(draft);
            draft.when("again", t -> !t.isGood() && !t.isHopeless(), draft)
                    .when("hopeless", Ticket::isHopeless, ask)
                    .when("money", t -> t.isGood() && t.wantsMoney(), refund)
                    .otherwise(send);
            ask.endWhen("refused", t -> !t.approval().approved())
                    .when("money", t -> t.approval().approved() && t.wantsMoney(), refund)
                    .otherwise(send);
            refund.then(send);
            send.end();
        });
    }
}
