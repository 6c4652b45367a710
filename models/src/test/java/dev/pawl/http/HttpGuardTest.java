package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pawl.core.Failure;
import dev.pawl.io.Connector.Context;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may be called, when somebody who must not be trusted says where the call goes. */
@Timeout(60)
class HttpGuardTest {

    private static final Context CONTEXT = new Context(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    /** No look-up of a test leaves this machine. */
    private static Http resolving(Http web, String... addresses) {
        var all = List.of(addresses).stream().map(Reach::literal).toList();
        return web.resolver(host -> all);
    }

    private static void refused(Http web, String url, String why) {
        assertThatThrownBy(() -> web.call(HttpCall.get(url), CONTEXT))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://10.0.0.1/",
                "https://192.168.1.1:8443/",
                "http://[::1]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::FFFF:7F00:1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[fd00::1]/",
                "http://0.0.0.0/",
                "http://169.254.169.254/",
                "http://[fd00:ec2::254]/",
                "http://100.100.100.200/",
                "http://metadata.google.internal/",
                "http://METADATA.google.internal./",
                "http://localhost/",
                "http://LOCALHOST./"
            })
    void what_is_not_public_is_refused_in_every_spelling(String url) {
        refused(Http.client(), url, "allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "224.0.0.1"})
    void a_name_that_leads_to_what_is_not_public_is_refused(String address) {
        refused(
                resolving(Http.client(), address),
                "http://example.com/",
                Reach.literal(address).getHostAddress());
        refused(resolving(Http.client().allow("example.com"), address), "https://example.com/", "example.com leads to");
    }

    @Test
    void a_name_that_is_public_and_private_is_refused() {
        refused(resolving(Http.client(), "8.8.8.8", "10.0.0.1"), "http://example.com/", "10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "100.100.100.200",
                "fd00:ec2::254",
                "0.0.0.0",
                "224.0.0.1",
                "64:ff9b::a9fe:a9fe"
            })
    void leave_for_the_private_network_is_none_for_metadata_and_for_what_is_no_machine(String address) {
        refused(resolving(Http.client().allowPrivate(), address), "http://example.com/", "allow(\"");
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com, true",
        "API.Example.com, api.EXAMPLE.com., true",
        "api.example.com, example.com, false",
        "api.example.com, xapi.example.com, false",
        "api.example.com, api.example.com.evil.net, false",
        "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, badexample.com, false",
        "*.example.com, example.com.evil.net, false",
        "8.8.8.8, 8.8.8.8, true",
        "8.8.8.8, 8.8.4.4, false",
        "2606:4700::1111, [2606:4700:0:0::1111], true",
        "*.8, 9.9.9.8, false",
        "metadata.google.internal, metadata.google.internal, true"
    })
    void only_allowed_hosts_are_called(String allowed, String host, boolean fine) {
        var guard = Guard.PUBLIC_ONLY.allow(allowed);
        var target = Target.of("https://" + host + "/");
        var outcome = catchThrowable(() -> guard.checkHost(target));
        assertThat(outcome == null).isEqualTo(fine);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "https://example.com",
                "example.com/x",
                "example.com.",
                "a b",
                "::zz",
                "example.com:80"
            })
    void an_entry_that_would_allow_nothing_is_refused(String entry) {
        assertThatThrownBy(() -> Http.client().allow(entry)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_address_that_is_allowed_may_be_called_by_itself_and_by_an_allowed_name() throws Exception {
        try (var server = new WebServer().page("/", 200, "ok")) {
            var web = resolving(Http.client().allow("127.0.0.1", "inside.example.com"), "127.0.0.1");
            assertThat(web.call(HttpCall.get(server.url("/")), CONTEXT).body()).isEqualTo("ok");
            String named = "http://inside.example.com:" + server.port() + "/";
            assertThat(web.call(HttpCall.get(named), CONTEXT).body()).isEqualTo("ok");
            assertThat(server.asked.getLast().header("Host")).isEqualTo("inside.example.com:" + server.port());
            refused(web, "http://other.example.com:" + server.port() + "/", "not allowed");
        }
    }

    /** A name whose owner answers first for the check and then for the call (DNS rebinding). */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void what_was_checked_is_what_is_connected_to(String scheme) throws Exception {
        try (var server = new WebServer().page("/", 200, "inside")) {
            var answers = new ArrayDeque<>(List.of("127.0.0.2", "127.0.0.1", "127.0.0.1"));
            // 127.0.0.2 stands for the public address: it is allowed, and nobody listens there.
            var web = Http.client()
                    .allow("127.0.0.2", "rebinding.example.com")
                    .resolver(host -> List.of(Reach.literal(answers.poll())));
            String url = scheme + "://rebinding.example.com:" + server.port() + "/";
            assertThatThrownBy(() -> web.call(HttpCall.get(url), CONTEXT))
                    .isInstanceOf(Failure.Transient.class)
                    .hasMessageContaining("no connection");
            assertThat(answers).as("looked up once for the call").hasSize(2);
            refused(web, url, "127.0.0.1");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void a_name_that_only_we_know_is_reached_without_a_second_look_up() throws Exception {
        try (var server = new WebServer().page("/", 200, "here")) {
            var web = resolving(Http.client().allowPrivate(), "127.0.0.1");
            String url = "http://exists-nowhere.invalid:" + server.port() + "/";
            assertThat(web.call(HttpCall.get(url), CONTEXT).body()).isEqualTo("here");
        }
    }

    @Test
    void the_second_address_is_tried_where_the_first_does_not_answer() throws Exception {
        try (var server = new WebServer().page("/", 200, "second")) {
            var web = resolving(Http.client().allowPrivate(), "127.0.0.3", "127.0.0.1");
            String url = "http://two.example.com:" + server.port() + "/";
            assertThat(web.call(HttpCall.get(url), CONTEXT).body()).isEqualTo("second");
        }
    }

    /** Another process of this machine finds the port. */
    @Test
    void the_tunnel_serves_nobody_without_a_pass() throws Exception {
        try (var server = new WebServer().page("/", 200, "x");
                var tunnel = new Tunnel();
                var stranger = new java.net.Socket(
                        InetAddress.getLoopbackAddress(), tunnel.address().getPort())) {
            stranger.getOutputStream()
                    .write(("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(stranger.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 502");
        }
    }
}
