package io.keyvaultbackup.dashboard.request;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * The Kubernetes API server, as far as the dashboard may use it: it gives one CronJob and takes Jobs, to who has the token that is in the account's
 * directory now. Everything else it refuses, as the Role does.
 */
final class MockApiServer implements AutoCloseable {

    /** A request that was made. */
    record Made(String method, String path, String body) {}

    /** An answer that is given in place of the right one. */
    record Instead(int status, String body) {}

    private final HttpsServer server;
    private final Path account;
    private final String cronJob;
    private final List<Made> made = new ArrayList<>();
    private final Deque<Instead> instead = new ArrayDeque<>();
    private final List<String> jobs = new ArrayList<>();

    /** @param cronJob what the API tells of the CronJob named keyvault-backup, as JSON */
    MockApiServer(Path directory, String cronJob) {
        this.cronJob = cronJob;
        try {
            LocalhostCertificate certificate = LocalhostCertificate.createIn(directory);
            account = Files.createDirectories(directory.resolve("serviceaccount"));
            Files.copy(certificate.certificate(), account.resolve("ca.crt"));
            Files.writeString(account.resolve("namespace"), "keyvault-backup\n");
            rotateToken("first");
            SslBundle bundle = SslBundle.of(new PemSslStoreBundle(
                    PemSslStoreDetails.forCertificate(Files.readString(certificate.certificate()))
                            .withPrivateKey(Files.readString(certificate.key())),
                    null));
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(bundle.createSslContext()));
            server.createContext("/", this::answer);
            server.start();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    Path account() {
        return account;
    }

    void rotateToken(String token) throws IOException {
        Files.writeString(account.resolve("token"), token + "\n");
    }

    /** The next request is answered so, whatever it is. */
    synchronized void answerNext(int status, String body) {
        instead.add(new Instead(status, body));
    }

    synchronized List<Made> made() {
        return List.copyOf(made);
    }

    synchronized List<String> jobs() {
        return List.copyOf(jobs);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        made.add(new Made(exchange.getRequestMethod(), path, body));
        Instead other = instead.poll();
        String token = "Bearer " + Files.readString(account.resolve("token")).strip();
        if (other != null) {
            send(exchange, other.status(), other.body());
        } else if (!token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, status("Unauthorized", "Unauthorized"));
        } else if (exchange.getRequestMethod().equals("GET")
                && path.equals("/apis/batch/v1/namespaces/keyvault-backup/cronjobs/keyvault-backup")) {
            send(exchange, 200, cronJob);
        } else if (exchange.getRequestMethod().equals("POST")
                && path.equals("/apis/batch/v1/namespaces/keyvault-backup/jobs")) {
            String name =
                    Objects.requireNonNull(body.replaceAll("(?s).*?\"metadata\":\\{\"name\":\"([^\"]+)\".*", "$1"));
            if (jobs.stream().anyMatch(job -> job.contains("\"metadata\":{\"name\":\"" + name + "\""))) {
                send(exchange, 409, status("AlreadyExists", "jobs.batch \"" + name + "\" already exists"));
            } else {
                jobs.add(body);
                send(exchange, 201, body);
            }
        } else {
            send(exchange, 403, status("Forbidden", "cannot do that to " + path));
        }
    }

    static String status(String reason, String message) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                + "\",\"message\":\"" + message.replace("\"", "\\\"") + "\"}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
