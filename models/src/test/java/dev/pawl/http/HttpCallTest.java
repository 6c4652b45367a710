package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written down of a call, and of its answer. */
class HttpCallTest {

    private static final Http WEB = Http.client();

    private record Order(String id, int amount) {}

    private static String recorded(HttpCall call) {
        return WEB.request(call).text();
    }

    @Test
    void method_url_headers_and_a_json_body_are_recorded() {
        var call = HttpCall.post("https://API.example.com./v1/orders?dry=1#top")
                .header("X-Team", "blue")
                .json(new Order("a\"b", 7));
        assertThat(recorded(call)).isEqualTo("""
                {"method":"POST","url":"https://api.example.com/v1/orders?dry=1",\
                "headers":{"content-type":"application/json","x-team":"blue"},"body":{"id":"a\\"b","amount":7}}""");
    }

    @Test
    void a_call_without_a_body_has_none_in_its_record() {
        assertThat(recorded(HttpCall.get("http://example.com")))
                .isEqualTo("{\"method\":\"GET\",\"url\":\"http://example.com/\",\"headers\":{}}");
    }

    @Test
    void a_body_is_json_text_or_a_form_by_its_content_type() {
        assertThat(recorded(HttpCall.put("http://example.com").text("two\nlines")))
                .contains("\"body\":\"two\\nlines\"");
        assertThat(recorded(HttpCall.put("http://example.com").json(new Json("[1.50,null]"))))
                .contains("\"body\":[1.50,null]");
        assertThat(recorded(HttpCall.put("http://example.com").json(List.of("a"), new TypeRef<List<String>>() {})))
                .contains("\"body\":[\"a\"]");
        assertThat(recorded(HttpCall.put("http://example.com").body("application/json", "{no json")))
                .contains("\"body\":\"{no json\"");
        assertThat(recorded(HttpCall.post("http://example.com")
                        .body("application/x-www-form-urlencoded", "grant=x&client_secret=hush")))
                .contains("\"body\":\"grant=x&client_secret=***\"");
    }

    @Test
    void a_big_body_is_recorded_by_its_hash() {
        assertThat(recorded(HttpCall.put("http://example.com").text("a".repeat(64 * 1024))))
                .contains("aaaa");
        assertThat(recorded(HttpCall.put("http://example.com").text("a".repeat(64 * 1024 + 1))))
                .contains(
                        "\"body\":{\"sha256\":\"008ffc88d3c96a9f307524eb361e47c5222a887fc45fa0c1fb8d429c5c23b430\",\"size\":65537}")
                .doesNotContain("aaaa");
    }

    @Test
    void calls_that_differ_only_in_secrets_are_recorded_alike() {
        assertThat(recorded(secretive("one"))).isEqualTo(recorded(secretive("two")));
        assertThat(recorded(secretive("first-secret"))).doesNotContain("first-secret");
        assertThat(secretive("first-secret").toString()).doesNotContain("first-secret");
    }

    private static HttpCall secretive(String secret) {
        return HttpCall.get("https://example.com/?page=2&api_key=" + secret + "&X-Amz-Signature=" + secret
                        + "&accessToken=" + secret + "&to%6ben=" + secret)
                .bearer(secret)
                .header("Cookie", secret)
                .header("X-Api-Key", secret)
                .header("api-key", secret)
                .header("X-Auth-Token", secret)
                .secretHeader("X-Mine", secret);
    }

    @Test
    void equal_calls_are_equal_and_recorded_alike_in_whatever_order_they_were_made() {
        var one = HttpCall.get("https://example.com").header("A", "1").header("B", "2");
        var other = HttpCall.get("HTTPS://example.com/")
                .header("b", "2")
                .header("a", "0")
                .header("a", "1");
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(recorded(one)).isEqualTo(recorded(other));
        assertThat(one).isNotEqualTo(one.bearer("x"));
    }

    @Test
    void names_that_only_sound_secret_are_kept() {
        assertThat(recorded(HttpCall.get("https://example.com/?max_tokens=5&monkey=1&design=2")
                        .header("X-RateLimit-Limit-Tokens", "9")
                        .header("Cache-Key", "c")))
                .contains("max_tokens=5", "monkey=1", "design=2", "\"9\"", "\"c\"");
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:hush@example.com/, user-info",
        "http://good.example.com@evil.example.com/?token=hush, user-info",
        "ftp://example.com/?token=hush, scheme",
        "file:///etc/passwd, scheme",
        "/relative?key=hush, scheme",
        "http:///nothing?key=hush, no host",
        "http://my_host/?key=hush, no host",
        "http://example.com:99999/?key=hush, no port",
        "http://example.com:0/, no port",
        "http://exa mple.com/?key=hush, valid URL",
        "http://example.com\\@evil.com/?key=hush, valid URL",
        "http://[fe80::1%25eth0]/, zone"
    })
    void a_url_that_cannot_be_called_is_refused_without_its_secrets(String url, String why) {
        assertThatThrownBy(() -> HttpCall.get(url))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.01/",
                "http://127.0.0.1.1/",
                "http://127.0.0.256/",
                "http://127.0.0.1./",
                "http://a.127.0.0.1/",
                "http://example.0x7f/",
                "http://１２７.0.0.1/",
                "http://127。0。0。1/"
            })
    void a_host_that_can_be_read_as_an_address_in_another_way_is_refused(String url) {
        assertThatThrownBy(() -> HttpCall.get(url)).isInstanceOf(Failure.Logic.class);
    }

    @Test
    void methods_and_headers_that_make_no_sense_in_a_call_are_refused() {
        var call = HttpCall.get("http://example.com");
        assertThatThrownBy(() -> HttpCall.of("CONNECT", "http://example.com")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> HttpCall.of("GET /x", "http://example.com")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> call.header("Host", "other")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> call.header("Content-Length", "1")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> call.header("a b", "1")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> call.header("X", "ü")).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> call.bearer("hush\r\nX-Evil: 1"))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageNotContaining("hush");
    }

    @Test
    void an_answer_survives_its_journey_through_the_journal() {
        var answer = new HttpAnswer(
                200, Map.of("content-type", "application/json", "a", "b"), "{\"id\":\"x\",\"amount\":3}");
        var stored = Codec.STANDARD.write(answer, WEB.response(), "The answer");
        assertThat(Codec.STANDARD.read(stored, WEB.response(), "The answer")).isEqualTo(answer);
        assertThat(answer.json(Order.class)).isEqualTo(new Order("x", 3));
        assertThatThrownBy(() -> new HttpAnswer(204, Map.of(), "").json(Order.class))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("204");
    }
}
