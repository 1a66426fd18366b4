package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.vault.VaultAddress;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;

/** Lets anybody see everything: for tests of what is shown, and not of who may see it. */
public class Anybody {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain openToAnybody(HttpSecurity http) {
        return http.securityMatcher(new NegatedRequestMatcher(EndpointRequest.toAnyEndpoint()))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Primary
    VisibleVaults everything() {
        return new VisibleVaults() {
            @Override
            public boolean all() {
                return true;
            }

            @Override
            public boolean sees(VaultAddress vault) {
                return true;
            }
        };
    }
}
