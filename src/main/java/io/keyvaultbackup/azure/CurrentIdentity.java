package io.keyvaultbackup.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who this process is to Azure, as its token says. Safe for use by many threads. */
public final class CurrentIdentity {

    private static final JsonMapper JSON = new JsonMapper();

    private final TokenCredential credential;
    private final AzureProperties properties;
    private final Environment environment;

    CurrentIdentity(TokenCredential credential, AzureProperties properties, Environment environment) {
        this.credential = credential;
        this.properties = properties;
        this.environment = environment;
    }

    /** Which credential is asked: {@code managed-identity}, or {@code default (ManagedIdentityCredential)}. */
    public String credential() {
        String word =
                Identity.of(properties, environment::getProperty).credential().word();
        String narrowed = environment.getProperty("AZURE_TOKEN_CREDENTIALS");
        boolean chain = properties.credential() == CredentialKind.DEFAULT;
        return chain && narrowed != null && !narrowed.isBlank() ? word + " (" + narrowed.strip() + ")" : word;
    }

    /**
     * Asks for a token for vaults and reads whose it is. Its signature is the service's to check.
     *
     * @throws NoTokenException if there is none
     */
    public Owner owner() {
        TokenRequestContext scope = new TokenRequestContext()
                .addScopes("https://" + properties.cloud().vaultSuffix() + "/.default");
        try {
            AccessToken token = credential.getTokenSync(scope);
            return owner(token.getToken(), token.getExpiresAt().toInstant());
        } catch (RuntimeException failed) {
            throw new NoTokenException(
                    Objects.requireNonNullElseGet(
                            IdentityFailures.understand(failed),
                            () -> Failure.of(
                                    FailureReason.NOT_AUTHENTICATED,
                                    ConnectionFailures.firstLine(failed.getMessage()))),
                    failed);
        }
    }

    private static Owner owner(String token, Instant expires) {
        String[] parts = token.split("\\.", -1);
        try {
            JsonNode claims = parts.length == 3
                    ? JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                    : JSON.missingNode();
            String application = text(claims, "appid");
            return new Owner(
                    text(claims, "tid"),
                    text(claims, "oid"),
                    application == null ? text(claims, "azp") : application,
                    expires);
        } catch (IllegalArgumentException | JacksonException opaque) {
            return new Owner(null, null, null, expires);
        }
    }

    private static @Nullable String text(JsonNode claims, String name) {
        JsonNode claim = claims.path(name);
        return claim.isString() ? claim.stringValue() : null;
    }

    /** Whose the token is, as far as it can be read. */
    public record Owner(
            @Nullable String tenant,
            @Nullable String objectId,
            @Nullable String application,
            Instant tokenExpires) {}
}
