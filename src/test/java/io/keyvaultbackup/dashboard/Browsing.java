package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.dashboard.access.Browser;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who has logged in at a served dashboard, and asks it over real HTTP. */
public record Browsing(Served served, Browser browser) implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    /** With the one-time password, which makes an operator of all vaults. */
    public static Browsing of(Served served) {
        Browser browser = new Browser();
        browser.logIn(
                served.address("/"), served.told().path("one_time_password").asString());
        return new Browsing(served, browser);
    }

    public HttpResponse<String> get(String path) {
        return browser.get(served.address(path));
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
        browser.close();
        served.close();
    }
}
