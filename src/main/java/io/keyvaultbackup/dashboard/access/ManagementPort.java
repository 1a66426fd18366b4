package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.env.Environment;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What came in on the management port, whatever its path: a path alone could come in on the other one as well. */
record ManagementPort(Environment environment) implements RequestMatcher {

    @Override
    public boolean matches(HttpServletRequest request) {
        Integer port = environment.getProperty("local.management.port", Integer.class);
        return port != null && port == request.getLocalPort();
    }

    /** Spring Security logs what a chain is for; an environment would tell all that it holds, passwords as well. */
    @Override
    public String toString() {
        return "the management port";
    }
}
