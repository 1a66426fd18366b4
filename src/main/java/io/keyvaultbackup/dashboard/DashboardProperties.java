package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.dashboard.access.AccessProperties;
import io.keyvaultbackup.dashboard.access.PublicPlace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the dashboard answers.
 *
 * @param address the address that it listens at; by default this machine's own alone
 * @param port its port; 0 for any that is free
 * @param managementAddress the address at which health and metrics are
 * @param managementPort their port; 0 for any that is free
 * @param publicUrl what people type to get there, such as https://backup.example.org; by no other name of another machine is it answered
 * @param trustedProxies ranges (CIDR) or addresses of what stands in front, such as an Ingress, and is believed where a request came from (X-Forwarded-For);
 *     by default nothing is
 */
@ConfigurationProperties(DashboardProperties.PREFIX)
record DashboardProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8080") int port,
        @DefaultValue("127.0.0.1") String managementAddress,
        @DefaultValue("8081") int managementPort,
        @Nullable String publicUrl,
        @DefaultValue List<String> trustedProxies) {

    static final String PREFIX = "keyvault-backup.dashboard";

    private static final int HIGHEST_PORT = 65_535;

    /** An empty value is none, as everywhere. */
    DashboardProperties {
        trustedProxies = trustedProxies.stream()
                .map(String::strip)
                .filter(range -> !range.isEmpty())
                .toList();
        publicUrl = publicUrl == null || publicUrl.isBlank() ? null : publicUrl.strip();
    }

    /** All that is wrong, also with who may do what there, in sentences; empty if nothing is. */
    List<String> problems(AccessProperties access) {
        List<String> problems = new ArrayList<>();
        refuseNoAddress(problems, "address", address);
        refuseNoAddress(problems, "management-address", managementAddress);
        refuseNoPort(problems, "port", port);
        refuseNoPort(problems, "management-port", managementPort);
        if (port == managementPort && port != 0) {
            problems.add(PREFIX + ".management-port: " + managementPort
                    + " is the dashboard's own port; health and metrics need another, such as " + (port + 1));
        }
        examinePublicUrl(problems);
        problems.addAll(proxies().problems(PREFIX + ".trusted-proxies"));
        if (!isThisMachineAlone()) {
            if (!access.hasProvider()) {
                problems.add(PREFIX + ".address: " + address
                        + " can be reached from other machines, and without a provider at which people log in the dashboard"
                        + " answers this one alone; leave it at 127.0.0.1, or name a provider: " + PREFIX
                        + ".access.issuer");
            }
            if (publicUrl == null) {
                problems.add(PREFIX + ".public-url: it is needed where others than this machine come; it is what people"
                        + " type, such as https://backup.example.org");
            }
        }
        problems.addAll(access.problems());
        return problems;
    }

    /** An address that is none, is refused for that. */
    private boolean isThisMachineAlone() {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return true;
        }
    }

    private void examinePublicUrl(List<String> problems) {
        try {
            publicPlace();
        } catch (IllegalArgumentException wrong) {
            problems.add(PREFIX + ".public-url: '" + publicUrl + "' " + wrong.getMessage());
        }
    }

    /** @throws IllegalArgumentException if there are {@link #problems} with it */
    PublicPlace publicPlace() {
        return PublicPlace.of(publicUrl);
    }

    TrustedProxies proxies() {
        return new TrustedProxies(trustedProxies);
    }

    private static void refuseNoAddress(List<String> problems, String name, String given) {
        try {
            InetAddress.getByName(given);
        } catch (UnknownHostException unknown) {
            problems.add(PREFIX + "." + name + ": '" + given
                    + "' is no address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them");
        }
    }

    private static void refuseNoPort(List<String> problems, String name, int given) {
        if (given < 0 || given > HIGHEST_PORT) {
            problems.add(
                    PREFIX + "." + name + ": " + given + " is not between 0 and " + HIGHEST_PORT + ", such as 8080");
        }
    }
}
