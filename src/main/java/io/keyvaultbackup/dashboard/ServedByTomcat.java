package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.dashboard.access.OneTimePassword;
import io.keyvaultbackup.service.ServedDashboard;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** Knows where the servers of this context answer, which they say once they have started. */
record ServedByTomcat(DashboardProperties properties, Environment environment, ObjectProvider<OneTimePassword> password)
        implements ServedDashboard {

    @Override
    public URI address() {
        return address(properties.address(), "local.server.port");
    }

    @Override
    public URI managementAddress() {
        return address(properties.managementAddress(), "local.management.port");
    }

    @Override
    public Optional<String> oneTimePassword() {
        return Optional.ofNullable(password.getIfAvailable()).map(OneTimePassword::text);
    }

    private URI address(String host, String port) {
        return URI.create("http://" + reachable(host) + ":" + environment.getRequiredProperty(port, Integer.class));
    }

    /** What listens at every address is reached at this machine's own. */
    private static String reachable(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isAnyLocalAddress()
                    ? "127.0.0.1"
                    : address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : host;
        } catch (UnknownHostException unknown) {
            return host;
        }
    }

    /** An environment would tell all that it holds, passwords as well. */
    @Override
    public String toString() {
        return "the dashboard's servers";
    }
}
