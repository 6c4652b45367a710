package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import java.util.regex.Pattern;

/** What people say when they are asked for their approval, as it is recorded beside the question. */
public final class Approvals {

    /** A policy was asked. */
    public static final String POLICY = "policy";

    /** User code asks a person. */
    public static final String ASKED = "approval";

    private static final Pattern ANSWER =
            Pattern.compile("\\{\"approved\":(true|false),\"by\":" + Json.QUOTED + ",\"comment\":" + Json.QUOTED + "}");

    private Approvals() {}

    /** What somebody said. */
    public static Payload answer(boolean approved, String by, String comment) {
        return Payload.inline(new Json("{\"approved\":" + approved + ",\"by\":" + Json.quote(by) + ",\"comment\":"
                + Json.quote(comment) + "}"));
    }

    /** Whether somebody is still to be asked. */
    public static boolean isQuestion(Effect effect) {
        return effect.status() == EffectStatus.BEGUN
                && (effect.kind().equals(POLICY) || effect.kind().equals(ASKED));
    }

    /** Whether somebody has answered. */
    static boolean isAnswer(Effect effect) {
        return effect.status() == EffectStatus.APPLIED && effect.value() != null;
    }

    static boolean isApproved(Payload answer) {
        return answer.stored().startsWith("{\"approved\":true");
    }

    /** Nothing goes on that was refused. */
    static void require(Effect answered) {
        var answer = answered.value();
        if (answer == null || isApproved(answer)) return;
        var matcher = ANSWER.matcher(answer.stored());
        if (!matcher.matches()) throw new IllegalStateException("Not an answer: " + answer);
        String comment = Json.unquote(matcher.group(3));
        throw new Failure.Policy(
                "%s refused%s".formatted(Json.unquote(matcher.group(2)), comment.isEmpty() ? "." : ": " + comment));
    }
}
