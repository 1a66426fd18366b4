package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.backup.Served;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a served dashboard over real HTTP. */
public record Browsing(Served served, HttpClient client) implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    public static Browsing of(Served served) {
        return new Browsing(served, HttpClient.newHttpClient());
    }

    public HttpResponse<String> get(String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(served.address(path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** A page that is there. */
    public String page(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** The same, without tags and with single spaces, as it is read. */
    public String text(String path) {
        return text(get(path));
    }

    public static String text(HttpResponse<String> answer) {
        return answer.body()
                .replaceAll("(?s)<head>.*?</head>", "")
                .replaceAll("<[^>]*>", " ")
                .replace("&#39;", "'")
                .replace("&quot;", "\"")
                .replaceAll("\\s+", " ")
                .strip();
    }

    public JsonNode json(String path) {
        return JSON.readTree(get(path).body());
    }

    @Override
    public void close() {
        client.close();
        served.close();
    }
}
