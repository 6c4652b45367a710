package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.pawl.core.Failure;
import dev.pawl.io.Connector.Context;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls with TLS, whose certificates are checked against the name that was called and not the address. */
@Timeout(60)
class HttpTlsTest {

    private static final Context CONTEXT = new Context("k", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static WebServer server;
    private static Http web;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=secure.example.com",
                        "-ext",
                        "san=dns:secure.example.com",
                        "-validity",
                        "3650",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        var ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        ours.init(keys, PASSWORD);
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        var tls = SSLContext.getInstance("TLS");
        tls.init(ours.getKeyManagers(), trusted.getTrustManagers(), null);
        var https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server =
                new WebServer(https).page("/", 200, "sealed").page("/down", 307, "", "Location", "http://example.com/");
        web = Http.client().allowPrivate().tls(tls).resolver(host -> List.of(Reach.literal("127.0.0.1")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpCall post(String host, String path) {
        return HttpCall.post("https://" + host + ":" + server.port() + path).text("x");
    }

    @Test
    void a_call_with_tls_goes_to_the_checked_address_under_its_name() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(web.call(post("secure.example.com", "/"), CONTEXT).body())
                    .isEqualTo("sealed");
        }
        assertThat(server.asked.getLast().header("Host")).isEqualTo("secure.example.com:" + server.port());
        assertThat(server.asked)
                .extracting(WebServer.Asked::port)
                .containsOnly(server.asked.getLast().port());
    }

    @Test
    void a_certificate_for_another_name_is_refused() {
        assertThatThrownBy(() -> web.call(post("other.example.com", "/"), CONTEXT))
                .isInstanceOf(Failure.Transient.class);
    }

    @Test
    void a_redirect_from_https_to_http_is_not_followed() {
        assertThatThrownBy(() -> web.call(post("secure.example.com", "/down"), CONTEXT))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("from https to http");
    }
}
