package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.testservices.OidcServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Every route of both ports, as everybody, against the table in routes.txt: one that is not there fails, so that none is open because nobody thought of it. */
class RoutesTest extends EmulatedVaultTest {

    private static final String METRICS = "0123456789abcdef0123456789abcdef";

    /** What may be asked, and what is answered to whom. */
    private record Route(String port, String method, String path, Map<String, String> answers) {

        static Route parse(String line) {
            String[] columns = line.strip().split("\\s+", -1);
            Map<String, String> answers = new LinkedHashMap<>();
            answers.put("anonymous", columns[3]);
            answers.put("viewer", columns[4]);
            answers.put("operator", columns[5]);
            answers.put("metrics-token", columns[6]);
            return new Route(columns[0], columns[1], columns[2], answers);
        }

        String name() {
            return port + " " + method + " " + path;
        }

        /** A logout is the last thing that anybody does. */
        int order() {
            return path.equals("/logout") ? 1 : 0;
        }

        URI address(Served dashboard) {
            String asked = path.replace("{vault}", "team-a.vault.azure.net")
                    .replace("/**", "/db")
                    .replaceAll("\\{[^}]*}", "20261124T030000Z-4f2a9c");
            return port.equals("main") ? dashboard.address(asked) : dashboard.managementAddress(asked);
        }
    }

    /** The contexts of the dashboard: of both ports. There is one at a time in this JVM. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Contexts implements ApplicationListener<ContextRefreshedEvent> {

        static final List<ApplicationContext> STARTED = new CopyOnWriteArrayList<>();

        @Override
        public void onApplicationEvent(ContextRefreshedEvent started) {
            STARTED.add(started.getApplicationContext());
        }
    }

    private static List<Route> table() throws IOException {
        try (InputStream table = Objects.requireNonNull(RoutesTest.class.getResourceAsStream("routes.txt"))) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Route::parse)
                    .sorted(Comparator.comparingInt(Route::order))
                    .toList();
        }
    }

    private static Set<String> mapped() {
        Set<String> mapped = new TreeSet<>();
        for (ApplicationContext context : Contexts.STARTED) {
            String port = context.getParent() == null ? "main" : "management";
            context.getBeansOfType(RequestMappingInfoHandlerMapping.class).values().stream()
                    .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                    .flatMap(RoutesTest::routes)
                    .forEach(route -> mapped.add(port + " " + route));
        }
        return mapped;
    }

    private static Stream<String> routes(RequestMappingInfo mapping) {
        List<String> methods = mapping.getMethodsCondition().getMethods().isEmpty()
                ? List.of("ANY")
                : mapping.getMethodsCondition().getMethods().stream()
                        .map(Enum::name)
                        .toList();
        return mapping.getPatternValues().stream()
                .flatMap(pattern -> methods.stream().map(method -> method + " " + pattern));
    }

    @Test
    void everyRouteSaysWhatTheTableSays() throws IOException {
        Contexts.STARTED.clear();
        OidcServer provider = OidcServer.shared();
        provider.user("vera", Map.of("roles", List.of("look")));
        provider.user("otto", Map.of("roles", List.of("operate")));
        bench.with(Contexts.class)
                .set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "look")
                .set("keyvault-backup.dashboard.access.grants[0].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[1].value", "operate")
                .set("keyvault-backup.dashboard.access.grants[1].role", "operator")
                .set("keyvault-backup.dashboard.access.metrics-token", METRICS);
        SoftAssertions all = new SoftAssertions();
        try (Served served = bench.serve();
                Browser anonymous = new Browser();
                Browser viewer = new Browser();
                Browser operator = new Browser()) {
            provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
            viewer.logInAtProvider(served.address("/"), "vera");
            operator.logInAtProvider(served.address("/"), "otto");
            Map<String, Browser> who =
                    Map.of("anonymous", anonymous, "viewer", viewer, "operator", operator, "metrics-token", anonymous);

            List<Route> table = table();

            assertThat(Contexts.STARTED).as("contexts").hasSize(2);
            all.assertThat(table.stream().map(Route::name))
                    .as("routes.txt has every route that is mapped")
                    .containsAll(mapped());
            for (Route route : table) {
                route.answers()
                        .forEach((name, expected) -> all.assertThat(
                                        answer(Objects.requireNonNull(who.get(name)), served, route, name))
                                .as(route.name() + " as " + name)
                                .isEqualTo(expected));
            }
        }
        all.assertAll();
    }

    private static String answer(Browser browser, Served served, Route route, String who) {
        String method = route.method().equals("ANY") ? "GET" : route.method();
        List<String> headers = new ArrayList<>(List.of("Accept", "text/html,*/*;q=0.8"));
        if (who.equals("metrics-token")) {
            headers.addAll(List.of("Authorization", "Bearer " + METRICS));
        }
        if (!method.equals("GET")) {
            headers.addAll(List.of("X-CSRF-TOKEN", browser.proof(served.address("/login"))));
        }
        HttpResponse<InputStream> answer = browser.begin(
                HttpRequest.newBuilder(route.address(served)).method(method, HttpRequest.BodyPublishers.noBody()),
                headers.toArray(String[]::new));
        int status = answer.statusCode();
        if (status == 302 && answer.headers().firstValue("Location").equals(java.util.Optional.of("/login"))) {
            return "login";
        }
        boolean refused = status == 401 || status == 403 || status == 404;
        return refused || status >= 500 ? String.valueOf(status) : "open";
    }
}
