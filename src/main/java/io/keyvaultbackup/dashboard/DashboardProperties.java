package io.keyvaultbackup.dashboard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the dashboard answers.
 *
 * @param address the address that it listens at; by default this machine's own alone
 * @param port its port; 0 for any that is free
 * @param managementAddress the address at which health and metrics are
 * @param managementPort their port; 0 for any that is free
 */
@ConfigurationProperties(DashboardProperties.PREFIX)
record DashboardProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8080") int port,
        @DefaultValue("127.0.0.1") String managementAddress,
        @DefaultValue("8081") int managementPort) {

    static final String PREFIX = "keyvault-backup.dashboard";

    private static final int HIGHEST_PORT = 65_535;

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        refuseNoAddress(problems, "address", address);
        refuseNoAddress(problems, "management-address", managementAddress);
        refuseNoPort(problems, "port", port);
        refuseNoPort(problems, "management-port", managementPort);
        if (port == managementPort && port != 0) {
            problems.add(PREFIX + ".management-port: " + managementPort
                    + " is the dashboard's own port; health and metrics need another, such as " + (port + 1));
        }
        return problems;
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
