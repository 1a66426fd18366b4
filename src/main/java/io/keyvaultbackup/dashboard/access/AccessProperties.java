package io.keyvaultbackup.dashboard.access;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may see and do what at the dashboard.
 *
 * @param issuer the OpenID Connect provider at which people log in, such as https://login.microsoftonline.com/TENANT/v2.0; where none is given, the
 *     dashboard answers on this machine alone, and whoever starts it logs in with a one-time password
 * @param clientId the dashboard's own ID at the provider
 * @param clientSecret what proves to the provider that it is the dashboard that asks; give it in the environment
 * @param audience for whom the bearer tokens of the API have to be; the client ID where nothing is given
 * @param roleClaim the claim of a token that says which roles somebody has: a name, or a path with dots, such as realm_access.roles
 * @param grants what those roles are here; who has none of them is not let in
 * @param idle after how long without a request somebody has to log in again
 * @param session after how long somebody has to log in again in any case
 * @param metricsToken with this as a bearer token, metrics and details of health can be read on the management port; at least 32 characters
 * @param metricsOpen whether metrics can be read there without a token
 */
@ConfigurationProperties(AccessProperties.PREFIX)
public record AccessProperties(
        @Nullable String issuer,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String audience,
        @DefaultValue("roles") String roleClaim,
        @DefaultValue List<Granted> grants,
        @DefaultValue("1h") Duration idle,
        @DefaultValue("8h") Duration session,
        @Nullable String metricsToken,
        @DefaultValue("false") boolean metricsOpen) {

    static final String PREFIX = "keyvault-backup.dashboard.access";

    /**
     * What a role of the provider is here.
     *
     * @param value what the claim says, such as backup-operator
     * @param role viewer (looks on) or operator (may also ask for backups, relaunches and stops)
     * @param vaults at which vaults: patterns of their names or hosts, such as team-a-*
     */
    public record Granted(
            @DefaultValue("") String value,
            @Nullable Role role,
            @DefaultValue("*") List<String> vaults) {}

    /** An empty value is none, as everywhere. */
    public AccessProperties {
        issuer = given(issuer);
        clientId = given(clientId);
        clientSecret = given(clientSecret);
        audience = given(audience);
        metricsToken = given(metricsToken);
        grants = List.copyOf(grants);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Whether people log in at a provider. */
    public boolean hasProvider() {
        return issuer != null;
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    public List<String> problems() {
        return AccessProblems.of(this);
    }

    /** It tells no secret. */
    @Override
    public String toString() {
        return PREFIX + "[" + issuer + "]";
    }
}
