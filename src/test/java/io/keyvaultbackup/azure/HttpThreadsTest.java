package io.keyvaultbackup.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.util.Context;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.keyvaultbackup.emulator.TokenEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.core.env.StandardEnvironment;

@Timeout(120)
class HttpThreadsTest {

    private static final StandardEnvironment ENVIRONMENT = new StandardEnvironment();
    private static final AzureProperties PROPERTIES = new Binder(
                    new MapConfigurationPropertySource(Map.of(AzureProperties.PREFIX + ".response-timeout", "10s")))
            .bindOrCreate(AzureProperties.PREFIX, AzureProperties.class);

    /**
     * Two handshakes on the two carriers of a machine with two cores waited for a class of the JDK, whose initialisation waited for the log's
     * lock, which a third one had been promised: nothing moved any more. Seen once in some hundred starts with all logging.
     */
    @Test
    void handshakesNeedNoCarrierOfVirtualThreads() throws Exception {
        // given
        HttpClient client = client();
        HttpServer server = server(exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        // when
        Thread worked = client.send(new HttpRequest(
                        HttpMethod.GET,
                        "http://127.0.0.1:" + server.getAddress().getPort()))
                .map(response -> Thread.currentThread())
                .block();
        server.stop(0);

        // then
        assertThat(worked).isNotEqualTo(Thread.currentThread()).returns(false, Thread::isVirtual);
    }

    /** As many as the SDK has threads for, on any machine, and more: the next was read when they had timed out. */
    @Test
    void answersThatDoNotGoOnKeepNoOtherFromBeingRead() throws Exception {
        // given
        int stuck = 10 * Runtime.getRuntime().availableProcessors() + 5;
        CountDownLatch begun = new CountDownLatch(stuck);
        CountDownLatch over = new CountDownLatch(1);
        HttpServer server = server(exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
            if (exchange.getRequestURI().getPath().equals("/stuck")) {
                begun.countDown();
                await(over);
            }
            exchange.getResponseBody().write(']');
            exchange.close();
        });
        HttpClient client = client();
        List<Future<String>> others = new ArrayList<>();

        // when
        String read;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < stuck; number++) {
                others.add(callers.submit(() -> read(client, server, "/stuck")));
            }
            await(begun);
            try {
                read = read(client, server, "/other");
            } finally {
                over.countDown();
            }
        }
        server.stop(0);

        // then
        assertThat(read).isEqualTo("[]");
        for (Future<String> other : others) {
            assertThat(other.get()).isEqualTo("[]");
        }
    }

    /** Who asks and who reads the answer once took the same threads from each other. */
    @Test
    void manyMayAskForATokenAtOnce() throws Exception {
        // given
        int many = 10 * Runtime.getRuntime().availableProcessors() + 40;
        TokenRequestContext request =
                new TokenRequestContext().addScopes("https://" + UUID.randomUUID() + ".example/.default");
        TokenCredential credential = new AzureConfiguration().azureCredential(PROPERTIES, client(), ENVIRONMENT);
        long before = TokenEndpoint.shared().issued();

        // when
        List<Future<AccessToken>> tokens = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(many);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < many; number++) {
                tokens.add(callers.submit(() -> {
                    all.countDown();
                    await(all);
                    return credential.getTokenSync(request);
                }));
            }
        }

        // then
        for (Future<AccessToken> token : tokens) {
            assertThat(token.get().getToken()).isNotEmpty();
        }
        assertThat(TokenEndpoint.shared().issued()).isBetween(before + 1, before + many);
    }

    private static String read(HttpClient client, HttpServer server, String path) {
        HttpRequest request = new HttpRequest(
                HttpMethod.GET, "http://127.0.0.1:" + server.getAddress().getPort() + path);
        return client.sendSync(request, Context.NONE).getBodyAsBinaryData().toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static HttpClient client() {
        return new AzureConfiguration().azureHttpClient(PROPERTIES, new DefaultSslBundleRegistry(), ENVIRONMENT);
    }
}
