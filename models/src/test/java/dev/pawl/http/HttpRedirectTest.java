package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.io.Connector.Context;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirects: what is sent where, and what is not. */
@Timeout(60)
class HttpRedirectTest {

    private static final Context REPEATABLE =
            new Context(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final Context CHANGE = new Context("key-1", REPEATABLE.traceparent());

    private final Http web = Http.client().allowPrivate();
    private WebServer here;
    private WebServer there;

    @BeforeEach
    void start() throws IOException {
        here = new WebServer();
        there = new WebServer().page("/", 200, "there");
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST",
        "301, PUT, PUT", "302, DELETE, DELETE", "303, PUT, GET", "303, HEAD, HEAD", "307, GET, GET"
    })
    void methods_change_as_in_browsers(int status, String method, String next) throws Exception {
        here.page("/", status, "", "Location", there.url("/x"));
        var call = HttpCall.of(method, here.url("/")).body("text/plain", "body");
        assertThat(web.call(call, CHANGE).status()).isEqualTo(200);
        var asked = there.asked.getFirst();
        assertThat(asked.method()).isEqualTo(next);
        assertThat(asked.body()).isEqualTo(next.equals(method) ? "body" : "");
        assertThat(asked.header("Content-type")).isEqualTo(next.equals(method) ? "text/plain" : "");
        assertThat(asked.header("Idempotency-key")).isEqualTo("key-1");
    }

    @Test
    void credentials_stay_with_their_origin_for_good() throws Exception {
        here.page("/", 307, "", "Location", "back?x=1").page("/back", 307, "", "Location", there.url("/on"));
        here.page("/home", 200, "home");
        there.page("/on", 307, "", "Location", here.url("/home"));
        var call = HttpCall.post(here.url("/"))
                .bearer("hush-1")
                .header("Cookie", "hush-2")
                .header("X-Api-Key", "hush-3")
                .secretHeader("X-Mine", "hush-4")
                .header("X-Team", "blue");
        assertThat(web.call(call, REPEATABLE).body()).isEqualTo("home");
        assertThat(here.asked).extracting(WebServer.Asked::target).containsExactly("/", "/back?x=1", "/home");
        assertThat(here.asked.get(1).headers().toString()).contains("hush-1", "hush-2", "hush-3", "hush-4");
        assertThat(there.asked.getFirst().headers().toString()).doesNotContain("hush");
        assertThat(there.asked.getFirst().header("X-team")).isEqualTo("blue");
        assertThat(here.asked.get(2).headers().toString()).doesNotContain("hush");
    }

    @Test
    void at_most_five_are_followed() throws Exception {
        here.page("/", exchange -> {
            int left = Integer.parseInt(exchange.getRequestURI().getQuery());
            WebServer.send(exchange, left == 0 ? 200 : 302, "", "Location", "?" + (left - 1));
        });
        assertThat(web.call(HttpCall.get(here.url("/?5")), REPEATABLE).status()).isEqualTo(200);
        assertThatThrownBy(() -> web.call(HttpCall.get(here.url("/?6")), REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("more than 5 times");
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://metadata.google.internal/",
        "http://2852039166/",
        "http://0xa9.254.43518/",
        "//169.254.169.254/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://exa mple/"
    })
    void a_redirect_to_what_may_not_be_called_is_refused(String location) {
        here.page("/", 307, "", "Location", location);
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), CHANGE))
                .as("a 307 says that the change was not made")
                .isInstanceOf(Failure.Logic.class);
    }

    @Test
    void a_redirect_to_a_host_that_is_not_allowed_is_refused() {
        here.page("/", 302, "", "Location", "http://example.com/?token=hush");
        var strict = Http.client().allow("127.0.0.1");
        assertThatThrownBy(() -> strict.call(HttpCall.get(here.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("example.com is not allowed")
                .hasMessageNotContaining("hush");
    }

    @Test
    void a_change_that_was_answered_by_a_refused_redirect_may_have_been_made() {
        here.page("/", 303, "", "Location", "http://169.254.169.254/");
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), CHANGE))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("not known");
    }

    @Test
    void a_message_says_where_it_went_and_no_secret_of_there() {
        here.page("/", 303, "", "Location", "/result?token=hush-there").page("/result", 404, "no hush-there here");
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), REPEATABLE))
                .hasMessage("POST " + here.url("/") + ", redirected to " + here.url("/result?token=***")
                        + ", answered 404: no *** here");
    }

    @Test
    void a_change_whose_result_page_is_missing_may_have_been_made() {
        here.page("/", 303, "", "Location", "/result").page("/result", 404, "");
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), CHANGE)).isInstanceOf(Failure.Transient.class);
        assertThatThrownBy(() -> web.call(HttpCall.post(here.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Logic.class);
    }
}
