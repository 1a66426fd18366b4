package io.keyvaultbackup.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.core.env.StandardEnvironment;

class HttpThreadsTest {

    /**
     * Two handshakes on the two carriers of a machine with two cores waited for a class of the JDK, whose initialisation waited for the log's
     * lock, which a third one had been promised: nothing moved any more. Seen once in some hundred starts with all logging.
     */
    @Test
    void handshakesNeedNoCarrierOfVirtualThreads() throws Exception {
        // given
        AzureProperties properties = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate(AzureProperties.PREFIX, AzureProperties.class);
        HttpClient client = new AzureConfiguration()
                .azureHttpClient(properties, new DefaultSslBundleRegistry(), new StandardEnvironment());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();

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
}
