package io.keyvaultbackup.dashboard.access;

import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.web.client.RestClient;

/** The login at an OpenID Connect provider, and its tokens at the API. What somebody may do is what the token says: nothing else is asked. */
final class ProviderLogin implements LoginWay {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProviderTokens tokens;
    private final Grants grants;
    private final HttpClient client;

    ProviderLogin(ProviderTokens tokens, Grants grants, HttpClient client) {
        this.tokens = tokens;
        this.grants = grants;
        this.client = client;
    }

    @Override
    public void addTo(HttpSecurity http, LoginOutcome outcome) {
        http.oauth2Login(login -> login.loginPage("/login")
                .clientRegistrationRepository(id -> id.equals(Provider.ID) ? tokens.registration() : null)
                .authorizedClientRepository(new NoTokensKept())
                .tokenEndpoint(endpoint -> endpoint.accessTokenResponseClient(tokenClient()))
                .userInfoEndpoint(endpoint -> endpoint.oidcUserService(this::person))
                .successHandler(outcome)
                .failureHandler(outcome)
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <T extends OAuth2AuthorizationRequestRedirectFilter> T postProcess(T filter) {
                        filter.setAuthenticationFailureHandler(outcome);
                        return filter;
                    }
                }));
    }

    @Override
    public void addTo(HttpSecurity http, ApiRefusals refusals) {
        http.oauth2ResourceServer(server -> server.jwt(jwt -> jwt.decoder(tokens::read)
                        .jwtAuthenticationConverter(
                                token -> new JwtAuthenticationToken(token, grants.of(token.getClaims()))))
                .authenticationEntryPoint(refusals)
                .accessDeniedHandler(refusals)
                .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                    @Override
                    public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
                        filter.setAuthenticationFailureHandler(refusals::commence);
                        return filter;
                    }
                }));
    }

    private OidcUser person(OidcUserRequest request) {
        return new ProviderPerson(
                request.getIdToken(), grants.of(request.getIdToken().getClaims()));
    }

    private RestClientAuthorizationCodeTokenResponseClient tokenClient() {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(PATIENCE);
        RestClientAuthorizationCodeTokenResponseClient tokenClient =
                new RestClientAuthorizationCodeTokenResponseClient();
        tokenClient.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return tokenClient;
    }
}
