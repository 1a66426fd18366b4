package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.ledger.AuditLog;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpClient;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.util.StringUtils;

/** What this package gives to the application: three chains, of which the first that fits a request decides, and whatever none of them allows is refused. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
@Import({LoginPage.class, PersonArgument.class})
public class AccessConfiguration {

    /** Anybody may ask whether this process lives and is ready; the rest is for who has the token, unless metrics are open. */
    @Bean
    @Order(1)
    SecurityFilterChain managementAccess(HttpSecurity http, ManagementPort port, AccessProperties properties) {
        return http.securityMatcher(port)
                .csrf(csrf -> csrf.disable())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .addFilterBefore(new MetricsToken(properties), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> {
                    requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
                    requests.requestMatchers(HttpMethod.GET, "/actuator/health/liveness", "/actuator/health/readiness")
                            .permitAll();
                    if (properties.metricsOpen()) {
                        requests.requestMatchers(HttpMethod.GET, "/actuator/prometheus")
                                .permitAll();
                    }
                    requests.requestMatchers(HttpMethod.GET, "/actuator/**")
                            .hasAuthority(MetricsToken.READER)
                            .anyRequest()
                            .denyAll();
                })
                .exceptionHandling(refused -> refused.authenticationEntryPoint((request, response, failed) -> {
                            response.setHeader("WWW-Authenticate", "Bearer");
                            response.setStatus(HttpStatus.UNAUTHORIZED.value());
                        })
                        .accessDeniedHandler(
                                (request, response, denied) -> response.setStatus(HttpStatus.FORBIDDEN.value())))
                .build();
    }

    /** A bearer token of the provider, or the session of a login; of those, the latter has to prove that it was no other site that asked. */
    @Bean
    @Order(2)
    SecurityFilterChain apiAccess(HttpSecurity http, LoginWay way, ApiRefusals refusals, Protections protections) {
        way.addTo(http, refusals);
        return protections
                .on(http.securityMatcher("/api/**"))
                .requestCache(cache -> cache.disable())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC)
                        .permitAll() // the end of a feed, which was let through when it was asked for
                        .requestMatchers("/api/v1/audit")
                        .hasAuthority(Grant.OPERATOR)
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyAuthority(Grant.VIEWER, Grant.OPERATOR)
                        .requestMatchers(HttpMethod.HEAD)
                        .hasAnyAuthority(Grant.VIEWER, Grant.OPERATOR)
                        .requestMatchers(HttpMethod.POST)
                        .hasAuthority(Grant.OPERATOR)
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    /** Everything else. Whoever is known and may look on is told that there is nothing where there is none. */
    @Bean
    @Order(3)
    SecurityFilterChain pageAccess(
            HttpSecurity http, LoginWay way, RequestedPage requested, Audit audit, Protections protections) {
        LoginOutcome outcome = new LoginOutcome(audit, protections.sessions(), protections.limit(), requested);
        PageRefusals refusals = new PageRefusals(audit);
        way.addTo(http, outcome);
        return protections
                .on(http)
                .addFilterAfter(protections.limit(), CsrfFilter.class)
                .requestCache(cache -> cache.requestCache(requested))
                .logout(logout ->
                        logout.logoutUrl("/logout").addLogoutHandler(outcome).logoutSuccessUrl("/login?out"))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/login", "/css/**", "/js/**", "/webjars/**")
                        .permitAll()
                        .requestMatchers("/error")
                        .denyAll()
                        .requestMatchers("/audit")
                        .hasAuthority(Grant.OPERATOR)
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyAuthority(Grant.VIEWER, Grant.OPERATOR)
                        .requestMatchers(HttpMethod.POST)
                        .hasAuthority(Grant.OPERATOR)
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    @Bean
    @Conditional(ProviderIsNamed.class)
    ProviderTokens providerTokens(
            AccessProperties properties,
            PublicPlace place,
            @Qualifier("outsideHttpClient") HttpClient client,
            InstantSource clock) {
        return new ProviderTokens(new Provider(properties, place, client, clock), properties, clock);
    }

    /** Spring Security looks for it by this type. */
    @Bean
    @Conditional(ProviderIsNamed.class)
    JwtDecoderFactory<ClientRegistration> loginTokens(ProviderTokens tokens) {
        return tokens::ofLogins;
    }

    @Bean
    @Conditional(ProviderIsNamed.class)
    LoginWay providerLogin(
            ProviderTokens tokens, AccessProperties properties, @Qualifier("outsideHttpClient") HttpClient client) {
        return new ProviderLogin(tokens, new Grants(properties), client);
    }

    @Bean
    @Conditional(NoProviderIsNamed.class)
    OneTimePassword oneTimePassword(InstantSource clock) {
        return new OneTimePassword(clock);
    }

    @Bean
    @Conditional(NoProviderIsNamed.class)
    LoginWay passwordLogin(OneTimePassword password) {
        return new PasswordLogin(password);
    }

    @Bean
    RequestedPage requestedPage(PublicPlace place) {
        return new RequestedPage(place);
    }

    @Bean
    Audit audit(ObjectProvider<AuditLog> log, InstantSource clock) {
        return new Audit(log, clock);
    }

    @Bean
    ApiRefusals apiRefusals(Audit audit) {
        return new ApiRefusals(audit);
    }

    @Bean
    Protections protections(PublicPlace place, AccessProperties properties, InstantSource clock) {
        return new Protections(place, properties, clock);
    }

    @Bean
    People people() {
        return new People();
    }

    @Bean
    ManagementPort managementPort(Environment environment) {
        return new ManagementPort(environment);
    }

    @Bean
    HostCheck hostCheck(PublicPlace place, ManagementPort management) {
        return new HostCheck(place, management);
    }

    @Bean
    SessionCookie sessionCookie(PublicPlace place) {
        return new SessionCookie(place);
    }

    static class ProviderIsNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty(AccessProperties.PREFIX + ".issuer"));
        }
    }

    static final class NoProviderIsNamed extends ProviderIsNamed {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !super.matches(context, metadata);
        }
    }
}
