package io.keyvaultbackup.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * What stands in front and is believed who came: the client is the last address of X-Forwarded-For that is none of these. Of everybody else the header is
 * nothing, as anybody can send one. Only the address is taken from a proxy, no name and no scheme.
 *
 * @param ranges CIDR, or single addresses
 */
record TrustedProxies(List<String> ranges) implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    /** No name, which would be looked up. */
    private static final Pattern RANGE = Pattern.compile("[0-9A-Fa-f.:]*[.:][0-9A-Fa-f.:]*(/\\d{1,3})?");

    TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems(String property) {
        List<String> problems = new ArrayList<>();
        for (String range : ranges) {
            if (!isRange(range)) {
                problems.add(
                        property + ": '" + range + "' is no range of addresses, such as 10.244.0.0/16, or one address");
            } else if (range.endsWith("/0")) {
                problems.add(property + ": " + range
                        + " is everybody, and anybody could make up where they come from; name the proxy's own range");
            }
        }
        return problems;
    }

    private static boolean isRange(String text) {
        try {
            return RANGE.matcher(text).matches() && new NetMask(text).toString() != null;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory server) {
        if (!ranges.isEmpty()) {
            RemoteIpValve addresses = new RemoteIpValve();
            addresses.setInternalProxies(String.join(",", ranges));
            addresses.setProtocolHeader(null);
            server.addEngineValves(addresses);
        }
    }
}
