package io.keyvaultbackup.dashboard.browser;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.Logs;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser complains of: errors of scripts, violations of the Content-Security-Policy, what could not be loaded; and requests to anybody but the dashboard. A
 * page that is no page (404) is one of its complaints, and left to the test.
 */
final class Complaints {

    private static final JsonMapper JSON = new JsonMapper();
    /** What stays within the browser. */
    private static final Pattern WITHIN = Pattern.compile("^(data|blob|about|chrome):");

    private final Logs logs;

    Complaints(Logs logs) {
        this.logs = logs;
    }

    List<String> sinceLast(List<URI> places) {
        Set<String> known = places.stream().map(URI::getAuthority).collect(Collectors.toSet());
        List<String> complaints = new ArrayList<>();
        logs.get(LogType.BROWSER).forEach(entry -> complaints.add(entry.getLevel() + " " + entry.getMessage()));
        logs.get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> JSON.readTree(entry.getMessage()).path("message"))
                .filter(event -> event.path("method").asString().equals("Network.requestWillBeSent"))
                .map(event -> event.at("/params/request/url").asString())
                .filter(address -> !WITHIN.matcher(address).find()
                        && !known.contains(URI.create(address).getAuthority()))
                .forEach(address -> complaints.add("a request to " + address));
        return complaints;
    }
}
