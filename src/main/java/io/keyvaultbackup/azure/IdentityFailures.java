package io.keyvaultbackup.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What it means that there was no token to be had. Stateless. */
public final class IdentityFailures {

    private static final Pattern ENTRA_CODE = Pattern.compile("\\b(AADSTS\\d+):?\\s*");
    private static final Pattern OTHER_TENANT =
            Pattern.compile("not configured to acquire tokens for tenant (\\S+?)\\.?\\s");

    private IdentityFailures() {}

    /** What the SDK's exception means; null if it is not about the identity. */
    public static @Nullable Failure understand(Throwable thrown) {
        CredentialUnavailableException unavailable =
                ConnectionFailures.causeOf(CredentialUnavailableException.class, thrown);
        ConnectionException unreachable = ConnectionFailures.causeOf(ConnectionException.class, thrown);
        if (unreachable != null && unavailable == null) {
            return unreachable.failure();
        }
        MsalServiceException refused = ConnectionFailures.causeOf(MsalServiceException.class, thrown);
        if (refused != null) {
            return refused(refused);
        }
        MsalException failed = ConnectionFailures.causeOf(MsalException.class, thrown);
        ClientAuthenticationException noToken = ConnectionFailures.causeOf(ClientAuthenticationException.class, thrown);
        Throwable speaks = unavailable != null ? unavailable : noToken != null ? noToken : failed;
        if (speaks == null && thrown.getClass().getName().startsWith("com.azure.identity")) {
            speaks = thrown;
        }
        if (speaks == null) {
            return null;
        }
        String words = ConnectionFailures.firstLine(speaks.getMessage());
        Matcher tenant = OTHER_TENANT.matcher(words + " ");
        return Failure.of(
                FailureReason.NOT_AUTHENTICATED,
                tenant.find()
                        ? "the vault belongs to tenant " + tenant.group(1) + ", and the identity to another. Set "
                                + AzureProperties.PREFIX + ".tenant-id (or AZURE_TENANT_ID) to the vault's"
                        : words);
    }

    /** Entra ID's own words, its code apart, and what to do where the code tells. */
    private static Failure refused(MsalServiceException refused) {
        String words = ConnectionFailures.firstLine(refused.getMessage());
        Matcher code = ENTRA_CODE.matcher(words);
        if (!code.find()) {
            return new Failure(
                    FailureReason.NOT_AUTHENTICATED, status(refused), null, words, refused.correlationId(), null);
        }
        String number = code.group(1);
        String own = words.substring(code.end()).replaceAll("\\s*Trace ID:.*", "");
        return new Failure(
                FailureReason.NOT_AUTHENTICATED,
                status(refused),
                number,
                own + advice(number),
                refused.correlationId(),
                null);
    }

    private static int status(MsalServiceException refused) {
        return refused.statusCode() == null ? 0 : refused.statusCode();
    }

    private static String advice(String code) {
        String property = " " + AzureProperties.PREFIX;
        return switch (code) {
            case "AADSTS7000222" ->
                " Make a new secret (az ad app credential reset) and give it as" + property + ".client-secret.";
            case "AADSTS7000215" -> " Give the secret's value, not its id, as" + property + ".client-secret.";
            case "AADSTS90002", "AADSTS900023" ->
                " Look at" + property + ".tenant-id (or AZURE_TENANT_ID) and" + property + ".cloud.";
            case "AADSTS700016" ->
                " Look at" + property + ".client-id (or AZURE_CLIENT_ID) and" + property + ".tenant-id.";
            case "AADSTS700021", "AADSTS70021", "AADSTS700211", "AADSTS700212", "AADSTS700213" ->
                " Compare issuer, subject and audience of the application's federated credential with the token's.";
            default -> "";
        };
    }
}
