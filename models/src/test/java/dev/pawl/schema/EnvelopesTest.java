package dev.pawl.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** E14. Single quotes stand for double ones here. */
class EnvelopesTest {

    private static final String META = "'meta':{'messageId':'0f8fad5b-d9cb-469f-a165-70867728950e',"
            + "'timestamp':'2026-01-31T12:00:00Z','version':'1.4.0-rc.1+5','priority':10,'ttl':0}";
    private static final String AGENTS =
            "'source':{'type':'orchestrator','id':'o1'},'destination':{'type':'specialist','id':'s1','capabilities':['x']}";

    private static final Map<String, String> VALID = Map.of(
            "specialist-invocation",
                    "{" + META + "," + AGENTS + ",'slice':{'id':'1','type':'t','input':null,'context':{'timeout':5,"
                            + "'priority':1,'retryPolicy':{'maxAttempts':0,'backoffMs':0}}},'policy':{'policyId':'p'}}",
            "specialist-result",
                    "{" + META + "," + AGENTS + ",'result':{'sliceId':'1','status':'partial','output':false,"
                            + "'artifacts':[{'ref':'r','type':'t','size':0,'hash':'h'}],"
                            + "'error':{'code':'c','message':'m','stack':'s'},'metrics':{'durationMs':1,'retries':0}}}",
            "retry-directive",
                    "{" + META + "," + AGENTS
                            + ",'directive':{'originalSliceId':'1','attemptNumber':1,'maxAttempts':1}}",
            "decision",
                    "{" + META + ",'source':{'type':'monitor','id':'m'},'decision':{'type':'abort','executionId':'e'}}",
            "SpecialistInvocationRequest",
                    a2a(
                            "SpecialistInvocationRequest",
                            "{'task':'t','inputs':{},'budget':{'max_minutes':0.1,'max_tool_calls':100,'max_tokens':1,"
                                    + "'max_cost_usd':10}}"),
            "SpecialistResult", a2a("SpecialistResult", "{'task':'t','status':'budget_exceeded','confidence':1}"),
            "RetryDirective",
                    a2a("RetryDirective", "{'retry_depth':0,'target_specialist':'s','original_task':{'task':'t'}}"),
            "DecisionNotice", a2a("DecisionNotice", "{'decision':'ESCALATE','qscore':0.5,'verification_summary':{}}"),
            "TaskRequest",
                    a2a("TaskRequest", "{'timeout_ms':1000,'retry_policy':{'max_attempts':10,'backoff_ms':60000}}"));

    private static String a2a(String type, String payload) {
        return "{'meta':{'a2a_version':'1.0','message_id':'0f8fad5b-d9cb-469f','trace_id':'t','ts':'2026-01-31T12:00:00Z',"
                + "'from':'a','to':['b'],'tenant':'x','project':'y','priority':'low','deadline':'2026-01-31T13:00:00Z',"
                + "'idempotency_key':'" + "k".repeat(256) + "','type':'" + type + "'},'payload':" + payload + "}";
    }

    private static Json valid(String type) {
        return new Json(VALID.get(type).replace('\'', '"'));
    }

    /** A valid message with another value at this place, or without it. */
    private static Json with(String type, String pointer, String value) {
        JsonNode message = Codec.STANDARD.tree(valid(type));
        int last = pointer.lastIndexOf('/');
        var parent = (ObjectNode) message.at(pointer.substring(0, last));
        String name = pointer.substring(last + 1);
        if (value.equals("absent")) parent.remove(name);
        else parent.set(name, Codec.STANDARD.tree(new Json(value.replace('\'', '"'))));
        return new Json(message.toString());
    }

    static List<String> types() {
        return Envelopes.types();
    }

    @Test
    void the_types_are_those_of_both_families() {
        assertThat(Envelopes.types()).containsExactlyInAnyOrderElementsOf(VALID.keySet());
    }

    @ParameterizedTest
    @MethodSource("types")
    void e14_a_valid_message_passes(String type) {
        assertThat(Envelopes.check(type, valid(type))).isEmpty();
        assertThatCode(() -> Envelopes.orThrow(type, valid(type))).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0} without {1}")
    @CsvSource({
        "specialist-invocation, /meta",
        "specialist-invocation, /meta/messageId",
        "specialist-invocation, /meta/timestamp",
        "specialist-invocation, /meta/version",
        "specialist-invocation, /source",
        "specialist-invocation, /source/type",
        "specialist-invocation, /destination/id",
        "specialist-invocation, /slice",
        "specialist-invocation, /slice/id",
        "specialist-invocation, /slice/type",
        "specialist-invocation, /slice/input",
        "specialist-result, /destination",
        "specialist-result, /result/sliceId",
        "specialist-result, /result/status",
        "retry-directive, /directive/originalSliceId",
        "retry-directive, /directive/attemptNumber",
        "decision, /source",
        "decision, /decision/type",
        "decision, /decision/executionId",
        "TaskRequest, /meta/a2a_version",
        "TaskRequest, /meta/message_id",
        "TaskRequest, /meta/trace_id",
        "TaskRequest, /meta/ts",
        "TaskRequest, /meta/from",
        "TaskRequest, /meta/to",
        "TaskRequest, /meta/tenant",
        "TaskRequest, /meta/project",
        "TaskRequest, /meta/type",
        "TaskRequest, /payload",
        "SpecialistInvocationRequest, /payload/task",
        "SpecialistInvocationRequest, /payload/inputs",
        "SpecialistInvocationRequest, /payload/budget",
        "SpecialistResult, /payload/status",
        "RetryDirective, /payload/target_specialist",
        "DecisionNotice, /payload/decision",
    })
    void e14_what_is_missing_is_named_with_its_path(String type, String path) {
        assertThat(Envelopes.check(type, with(type, path, "absent")))
                .containsExactly(new Violation(path, "a value", "nothing"));
    }

    @ParameterizedTest(name = "{0} with {2} at {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // UUID, version 4, in lower case
                "decision | /meta/messageId | 'x' | a UUID (version 4) in lower case",
                "decision | /meta/messageId | '0F8FAD5B-D9CB-469F-A165-70867728950E' | a UUID (version 4) in lower case",
                "decision | /meta/messageId | '0f8fad5b-d9cb-169f-a165-70867728950e' | a UUID (version 4) in lower case",
                "decision | /meta/messageId | '0f8fad5b-d9cb-469f-c165-70867728950e' | a UUID (version 4) in lower case",
                "decision | /meta/messageId | '0f8fad5b-d9cb-469f-a165-70867728950e\\n' | a UUID (version 4) in lower case",
                // semantic version
                "decision | /meta/version | '1.4' | a semantic version such as 1.4.0",
                "decision | /meta/version | 'v1.4.0' | a semantic version such as 1.4.0",
                "decision | /meta/version | '1.04.0' | a semantic version such as 1.4.0",
                "decision | /meta/version | 1.4 | a string",
                "decision | /meta/timestamp | 'yesterday' | a date and time such as 2026-01-31T12:00:00Z",
                "decision | /meta/priority | 0 | at least 1",
                "decision | /meta/priority | 11 | at most 10",
                "decision | /meta/priority | 1.5 | a whole number",
                "decision | /meta/ttl | -1 | at least 0",
                "decision | /source/type | 'boss' | one of ['specialist','orchestrator','coordinator','worker','monitor']",
                "decision | /decision/type | 'go' | one of ['continue','stop','branch','merge','pause','resume','abort']",
                "specialist-invocation | /slice/context/priority | 11 | at most 10",
                "specialist-invocation | /slice/context/retryPolicy/maxAttempts | -1 | at least 0",
                "specialist-result | /result/status | 'ok' | one of ['success','failure','partial','timeout']",
                "retry-directive | /directive/attemptNumber | 0 | at least 1",
                "retry-directive | /directive/maxAttempts | 0 | at least 1",
                "TaskRequest | /meta/a2a_version | '0.3' | '1.0'",
                "TaskRequest | /meta/message_id | '0f8fad5b-d9cb-4' | an id of at least 16 hex digits and dashes",
                "TaskRequest | /meta/to | [] | at least 1 element",
                "TaskRequest | /meta/type | 'SpecialistResult' | 'TaskRequest'",
                "TaskRequest | /meta/priority | 'urgent' | one of ['low','normal','high']",
                "TaskRequest | /payload/timeout_ms | 999 | at least 1000",
                "TaskRequest | /payload/timeout_ms | 3600001 | at most 3600000",
                "TaskRequest | /payload/retry_policy/max_attempts | 11 | at most 10",
                "TaskRequest | /payload/retry_policy/backoff_ms | 99 | at least 100",
                "SpecialistInvocationRequest | /payload/budget/max_minutes | 0.09 | at least 0.1",
                "SpecialistInvocationRequest | /payload/budget/max_tool_calls | 101 | at most 100",
                "SpecialistInvocationRequest | /payload/budget/max_cost_usd | 10.01 | at most 10",
                "SpecialistResult | /payload/confidence | 1.01 | at most 1",
                "DecisionNotice | /payload/decision | 'MAYBE' | one of ['ACCEPT','RETRY','ESCALATE']",
            })
    void e14_what_is_wrong_is_named_with_its_path(String type, String path, String value, String expected) {
        assertThat(Envelopes.check(type, with(type, path, value)))
                .containsExactly(new Violation(path, expected.replace('\'', '"'), value.replace('\'', '"')));
    }

    @Test
    void a_task_and_a_key_are_bounded() {
        assertThat(Envelopes.check(
                        "SpecialistResult", with("SpecialistResult", "/payload/task", "'" + "t".repeat(257) + "'")))
                .extracting(Violation::path, Violation::expected)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/payload/task", "at most 256 characters"));
        assertThat(Envelopes.check(
                        "TaskRequest", with("TaskRequest", "/meta/idempotency_key", "'" + "k".repeat(257) + "'")))
                .extracting(Violation::path)
                .containsExactly("/meta/idempotency_key");
    }

    @Test
    void e14_an_unknown_type_is_an_error() {
        assertThatThrownBy(() -> Envelopes.check("gossip", new Json("{}")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("Unknown message type \"gossip\". Known are DecisionNotice, RetryDirective, ");
        assertThatThrownBy(() -> Envelopes.orThrow("gossip", new Json("{}")))
                .hasMessageStartingWith("Unknown message type");
    }

    @Test
    void e14_the_throwing_variant_throws_and_names_all_paths() {
        assertThatThrownBy(() -> Envelopes.orThrow(
                        "decision",
                        new Json(
                                "{\"meta\":{\"messageId\":\"x\",\"timestamp\":\"2026-01-31T12:00:00Z\",\"version\":\"1.0.0\","
                                        + "\"priority\":11},\"source\":{\"type\":\"worker\",\"id\":\"w\"}}")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("Envelope validation failed for decision: ")
                .hasMessageContaining("/meta/messageId: expected a UUID (version 4) in lower case, found \"x\"")
                .hasMessageContaining("/meta/priority: expected at most 10, found 11")
                .hasMessageContaining("/decision: expected a value, found nothing");
    }
}
