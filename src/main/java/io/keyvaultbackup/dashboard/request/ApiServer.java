package io.keyvaultbackup.dashboard.request;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The two requests that are made of the Kubernetes API: a CronJob is read, a Job is created. Safe for use by many threads. */
final class ApiServer {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI address;
    private final ServiceAccount account;

    ApiServer(URI address, ServiceAccount account) {
        this.address = address;
        this.account = account;
    }

    /**
     * An answer.
     *
     * @param body as JSON; missing if it is none
     */
    record Answer(int status, JsonNode body) {

        boolean isGood() {
            return status / 100 == 2;
        }

        /** The server's own words. */
        String said() {
            String message = body.path("message").asString("");
            String reason = body.path("reason").asString("");
            return "status " + status + (reason.isEmpty() ? "" : " " + reason)
                    + (message.isEmpty() ? "" : ": " + message);
        }
    }

    Answer cronJob(String namespace, String name) {
        return send(HttpRequest.newBuilder(batch(namespace).resolve("cronjobs/" + name)));
    }

    Answer createJob(String namespace, JsonNode job) {
        return send(HttpRequest.newBuilder(batch(namespace).resolve("jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(job), StandardCharsets.UTF_8)));
    }

    private URI batch(String namespace) {
        return address.resolve("/apis/batch/v1/namespaces/" + namespace + "/");
    }

    /** With a client of its own: the cluster's certificate may be another tomorrow, and it is a rare thing. */
    private Answer send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(LONGEST)
                .sslContext(account.trust())
                .build()) {
            HttpResponse<String> answer = client.send(
                    request.timeout(LONGEST)
                            .header("Authorization", "Bearer " + account.token())
                            .header("Accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(answer.statusCode(), read(answer.body()));
        } catch (IOException | GeneralSecurityException failed) {
            throw new LaunchFailedException(
                    "The Kubernetes API at " + address + " could not be asked: " + failed
                            + ". Look at the pod's service account and at its network policy, then ask again.",
                    failed);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new LaunchFailedException("The dashboard is ending; ask again.", ended);
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException noJson) {
            return MissingNode.getInstance();
        }
    }
}
