package io.keyvaultbackup.cli;

import java.util.HashMap;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Where the dashboard answers, in the words of the web server, whose own are not asked for: what is given twice would be told wrong. */
final class DashboardPlace {

    private static final String PREFIX = "keyvault-backup.dashboard.";

    private DashboardPlace() {}

    /** Gives what can be no port as 0: the check of all properties says so, and some of Spring Boot's conditions read it before. */
    static void resolve(ConfigurableEnvironment environment) {
        Map<String, Object> server = new HashMap<>();
        server.put("server.address", environment.getProperty(PREFIX + "address", "127.0.0.1"));
        server.put("server.port", port(environment.getProperty(PREFIX + "port", "8080")));
        server.put("management.server.address", environment.getProperty(PREFIX + "management-address", "127.0.0.1"));
        server.put("management.server.port", port(environment.getProperty(PREFIX + "management-port", "8081")));
        // Who came is told by keyvault-backup.dashboard.trusted-proxies alone; on Kubernetes Spring Boot would believe
        // whoever has a private address.
        server.put("server.forward-headers-strategy", "none");
        environment.getPropertySources().addFirst(new MapPropertySource("resolved dashboard", server));
    }

    private static String port(String given) {
        return given.strip().matches("\\d{1,5}") ? given.strip() : "0";
    }
}
