package io.keyvaultbackup.dashboard.access;

import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;

/** The one-time password: whoever reads it off the terminal is the one who started the dashboard, and may do what they could do there. */
final class PasswordLogin implements LoginWay, AuthenticationProvider {

    private final OneTimePassword password;

    PasswordLogin(OneTimePassword password) {
        this.password = password;
    }

    @Override
    public void addTo(HttpSecurity http, LoginOutcome outcome) {
        http.authenticationProvider(this)
                .formLogin(form -> form.loginPage("/login")
                        .loginProcessingUrl("/login")
                        .successHandler(outcome)
                        .failureHandler(outcome));
    }

    @Override
    public Authentication authenticate(Authentication given) {
        if (!password.use(String.valueOf(given.getCredentials()))) {
            throw new NotLetInException(LoginRefusal.WRONG_PASSWORD);
        }
        return UsernamePasswordAuthenticationToken.authenticated(
                System.getProperty("user.name", "operator"), "", List.of(Grant.everywhere(Role.OPERATOR)));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
