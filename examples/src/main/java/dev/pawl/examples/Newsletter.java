package dev.pawl.examples;

import dev.pawl.flow.Flow;
import dev.pawl.http.HttpAnswer;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Connector;
import java.util.List;

/**
 * Recorded effects in a flow: a model writes a text once, and no reader gets it twice. Each element of the map has a journal
 * of its own. A crash in the middle of a mail leaves nobody knowing whether it was sent: the run is blocked until a person
 * has said so with {@code pawl resolve}, and what was sent before is not sent again.
 */
public final class Newsletter {

    /** What it is about, and who gets it. */
    public record Issue(String topic, List<String> readers) {}

    /** One reader's. */
    public record Mail(String to, String text) {}

    private record Brief(String topic, int draft) {}

    private record Draft(String text) {}

    private record Receipt(String id) {}

    /** The flow, with the stub for its model. It gives back what the mail server calls each mail. */
    public static final Flow<Issue, List<String>> FLOW = at(StubModel.URL, StubModel.ON_DEMAND);

    private Newsletter() {}

    /** The same at another address. */
    public static Flow<Issue, List<String>> at(String desk, Connector<HttpCall, HttpAnswer> http) {
        return Flow.define("newsletter", Issue.class, (f, issue) -> {
            var text = f.ioStep("write", String.class, issue, (i, io) -> {
                var asked = HttpCall.post(desk + "/draft").json(new Brief(i.topic(), 2));
                return io.call("llm.draft", http, asked).json(Draft.class).text();
            });
            var mails = f.list(
                    "address",
                    Mail.class,
                    issue,
                    text,
                    (i, written) -> i.readers().stream()
                            .map(reader -> new Mail(reader, written))
                            .toList());
            return f.ioMap("send", String.class, mails, (mail, io) -> {
                        var sent = io.once(
                                "mail.send",
                                http,
                                HttpCall.post(desk + "/mails").json(mail));
                        return sent.json(Receipt.class).id();
                    })
                    .maxParallel(4);
        });
    }
}
