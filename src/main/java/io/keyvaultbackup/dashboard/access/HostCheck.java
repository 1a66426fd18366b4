package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Takes no request of a strange form, and none that a browser was sent here with under a name that is not the dashboard's. On the management port, where no
 * browser comes, any name will do: probes and Prometheus use the pod's address.
 */
final class HostCheck implements HttpFirewall {

    private final StrictHttpFirewall strict = new StrictHttpFirewall();
    private final StrictHttpFirewall anyName = new StrictHttpFirewall();
    private final ManagementPort management;

    HostCheck(PublicPlace place, ManagementPort management) {
        strict.setAllowedHostnames(place::isNamed);
        this.management = management;
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        return (management.matches(request) ? anyName : strict).getFirewalledRequest(request);
    }

    @Override
    public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
        return strict.getFirewalledResponse(response);
    }
}
