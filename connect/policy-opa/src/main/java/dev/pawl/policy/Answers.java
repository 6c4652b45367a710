package dev.pawl.policy;

import dev.pawl.spi.Policy.Answer;
import dev.pawl.spi.Policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a policy may answer: a boolean, or an object with {@code allow} and perhaps {@code approval} and {@code reasons}. All
 * else is a denial that says what was wrong. Also unknown fields: a misspelt {@code approval} must not let anything through.
 */
final class Answers {

    private static final Set<String> FIELDS = Set.of("allow", "approval", "reasons");
    private static final String EXPECTED =
            "; it must be true, false, or an object with allow (true or false) and perhaps approval (true or false) and reasons (strings)";

    /** Reasons are kept in events: what a policy says is cut to what a person reads. */
    private static final int MOST_REASONS = 20;

    private static final int LONGEST_REASON = 500;

    private Answers() {}

    /** What the evaluation of an entrypoint comes to: a list of results, of which there is one or, if undefined, none. */
    static Decision read(String results) {
        JsonNode list;
        try {
            list = CompiledPolicy.TREES.readTree(results);
        } catch (JacksonException e) {
            return wrong("is not valid JSON");
        }
        if (!list.isArray() || list.size() > 1) return wrong("is not one result");
        if (list.isEmpty()) return wrong("is undefined");
        JsonNode answer = list.get(0).path("result");
        if (answer.isBoolean()) return new Decision(answer.booleanValue() ? Answer.ALLOW : Answer.DENY, List.of());
        if (!answer.isObject()) return wrong("is " + kind(answer) + EXPECTED);
        return read(answer);
    }

    private static Decision read(JsonNode answer) {
        for (String name : answer.propertyNames()) {
            if (!FIELDS.contains(name)) return wrong("has a field \"" + cut(name) + "\" that is not known" + EXPECTED);
        }
        JsonNode allow = answer.path("allow");
        JsonNode approval = answer.path("approval");
        JsonNode reasons = answer.path("reasons");
        if (!allow.isBoolean()) return wrong("has an allow that is " + kind(allow) + EXPECTED);
        if (!approval.isBoolean() && !approval.isMissingNode()) {
            return wrong("has an approval that is " + kind(approval) + EXPECTED);
        }
        if (!reasons.isArray() && !reasons.isMissingNode()) {
            return wrong("has reasons that are " + kind(reasons) + EXPECTED);
        }
        var texts = new ArrayList<String>();
        for (JsonNode reason : reasons) {
            if (!reason.isString()) return wrong("has a reason that is " + kind(reason) + EXPECTED);
            if (texts.size() < MOST_REASONS) texts.add(cut(reason.stringValue()));
        }
        if (reasons.size() > MOST_REASONS) texts.add("… and " + (reasons.size() - MOST_REASONS) + " more");
        return new Decision(
                !allow.booleanValue() ? Answer.DENY : approval.booleanValue(false) ? Answer.APPROVAL : Answer.ALLOW,
                List.copyOf(texts));
    }

    private static Decision wrong(String how) {
        return denied("the policy's answer " + how);
    }

    /** A denial because of something that is wrong with the policy. */
    static Decision denied(String reason) {
        return new Decision(Answer.DENY, List.of(reason));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "missing";
            case NULL -> "null";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case STRING -> "a string";
            case ARRAY -> "a list";
            default -> "an object";
        };
    }
}
