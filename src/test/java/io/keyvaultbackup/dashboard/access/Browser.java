package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.testservices.OidcServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a browser does at the dashboard, without its scripts: it keeps cookies, and shows where it is sent. */
public final class Browser implements AutoCloseable {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private static final Pattern PROOF = Pattern.compile("<meta name=\"csrf-token\" content=\"([^\"]+)\"");

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public HttpResponse<String> get(URI address, String... headers) {
        return send(HttpRequest.newBuilder(address).header("Accept", "text/html,*/*;q=0.8"), headers);
    }

    /** Sends a form with these fields, and nothing else. */
    public HttpResponse<String> post(URI address, Map<String, String> form, String... headers) {
        return send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                                .map(field -> field.getKey() + "="
                                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("&")))),
                headers);
    }

    public HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    /** What a form of that page proves with that it is of here. */
    public static String csrf(HttpResponse<String> page) {
        Matcher field = CSRF.matcher(page.body());
        if (!field.find()) {
            throw new AssertionError("no token in " + page.body());
        }
        return field.group(1);
    }

    /** With what a script of that page proves that it is of here. */
    public String proof(URI page) {
        Matcher meta = PROOF.matcher(get(page).body());
        if (!meta.find()) {
            throw new AssertionError("no proof at " + page);
        }
        return meta.group(1);
    }

    /** Sends a request, and does not wait for all of the answer: it may be a feed. */
    public HttpResponse<InputStream> begin(HttpRequest.Builder request, String... headers) {
        try {
            HttpResponse<InputStream> answer =
                    client.send(request.headers(headers).build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    /** Opens a feed; its lines come as they are sent, until it ends or is closed. */
    public HttpResponse<Stream<String>> feed(URI address) {
        try {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofLines());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    /** Logs in with a one-time password. */
    public HttpResponse<String> logIn(URI dashboard, String password) {
        URI login = dashboard.resolve("/login");
        return post(login, Map.of("_csrf", csrf(get(login)), "password", password));
    }

    /** Logs in at the provider; what the dashboard answers when it comes back. */
    public HttpResponse<String> logInAtProvider(URI dashboard, String user) {
        HttpResponse<String> answer = get(dashboard.resolve("/oauth2/authorization/oidc"));
        for (int step = 0; step < 10; step++) {
            URI here = answer.request().uri();
            if (answer.statusCode() == 200
                    && here.getPath().equals("/login")
                    && here.getPort() != dashboard.getPort()) {
                answer = post(here, Map.of("_csrf", csrf(answer), "username", user, "password", OidcServer.PASSWORD));
            } else if (answer.statusCode() == 302 && !here.getPath().startsWith("/login/oauth2/code")) {
                answer = get(next(answer));
            } else {
                return answer;
            }
        }
        throw new AssertionError("sent round and round: " + answer);
    }

    /** Where an answer sends it. */
    public static URI next(HttpResponse<String> answer) {
        return answer.request()
                .uri()
                .resolve(answer.headers().firstValue("Location").orElseThrow(() -> new AssertionError(answer.body())));
    }

    public Optional<HttpCookie> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst();
    }

    public void take(HttpCookie cookie) {
        cookie.setVersion(0); // as a server's; the other form is of another time, and no server reads it
        cookies.getCookieStore().add(null, cookie);
    }

    public static List<String> setCookies(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie");
    }

    @Override
    public void close() {
        client.shutdownNow(); // a feed that nobody reads would be waited for
        client.close();
    }
}
