package io.keyvaultbackup.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it means that there was no token to be had. Stateless. */
public final class IdentityFailures {

    /** The SDK's words for: nothing is told here. */
    private static final String LOOK_INSIDE = "see inner exception";

    private static final Pattern ENTRA_CODE = Pattern.compile("\\b(AADSTS\\d+):?\\s*");

    private IdentityFailures() {}

    /** What the SDK's exception means; null if it is not about the identity. */
    public static @Nullable Failure understand(Throwable thrown) {
        CredentialUnavailableException unavailable =
                ConnectionFailures.causeOf(CredentialUnavailableException.class, thrown);
        ConnectionException unreachable = ConnectionFailures.causeOf(ConnectionException.class, thrown);
        if (unreachable != null && unavailable == null) {
            return unreachable.failure();
        }
        Failure noFile = withoutTokenFile(thrown);
        if (noFile != null) {
            return noFile;
        }
        Failure brokenOff = brokenOff(thrown);
        if (brokenOff != null && unavailable == null) {
            return brokenOff;
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
        return Failure.of(
                FailureReason.NOT_AUTHENTICATED,
                CredentialWords.of(words.contains(LOOK_INSIDE) ? inside(speaks) : words));
    }

    /** An answer that began and did not end: whoever gives out tokens is there, and what the transport says is not in its name. */
    private static @Nullable Failure brokenOff(Throwable thrown) {
        UncheckedIOException broken = ConnectionFailures.causeOf(UncheckedIOException.class, thrown);
        Failure failure = broken == null || ConnectionFailures.causeOf(MsalException.class, thrown) == null
                ? null
                : ConnectionFailures.understand(broken, "whoever gives out tokens");
        return failure == null
                ? null
                : Failure.of(
                        failure.reason(),
                        "the answer with the identity's token broke off: " + ConnectionFailures.words(thrown));
    }

    /** The SDK asks Service Fabric's endpoint without our transport, and so without our trust (MSAL4J 1.23.1). */
    private static String inside(Throwable thrown) {
        String words = ConnectionFailures.words(thrown);
        return ConnectionFailures.causeOf(SSLException.class, thrown) == null
                ? words
                : "the certificate of the managed identity's endpoint (IDENTITY_ENDPOINT) is not trusted: " + words
                        + ". With IDENTITY_SERVER_THUMBPRINT set, which is Service Fabric's way, the Azure SDK trusts what"
                        + " Java itself does: start java with -Djavax.net.ssl.trustStore=/etc/ssl/trusted.p12";
    }

    /** Whether it happened while a token was asked for. */
    public static boolean isOfTheIdentity(Throwable thrown) {
        return ConnectionFailures.causeOf(MsalException.class, thrown) != null
                || ConnectionFailures.causeOf(ClientAuthenticationException.class, thrown) != null;
    }

    /** The SDK reads the file for each token anew, and says in words alone that it could not. */
    private static @Nullable Failure withoutTokenFile(Throwable thrown) {
        FileSystemException unreadable = ConnectionFailures.causeOf(FileSystemException.class, thrown);
        if (unreadable == null) {
            return null;
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).startsWith("Failed to read federated token")) {
                return Failure.of(
                        FailureReason.NOT_AUTHENTICATED,
                        "the identity's token cannot be read from " + unreadable.getFile() + " ("
                                + AzureProperties.PREFIX
                                + ".federated-token-file or AZURE_FEDERATED_TOKEN_FILE). It was"
                                + " there when the run began: see whether the volume with it is still mounted");
            }
        }
        return null;
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
            case "AADSTS700024" ->
                " This machine's clock may be wrong: set it (timedatectl set-ntp true); or the federated token is old and nobody renews it.";
            case "AADSTS700021", "AADSTS70021", "AADSTS700211", "AADSTS700212", "AADSTS700213" ->
                " Compare issuer, subject and audience of the application's federated credential with the token's.";
            default -> "";
        };
    }
}
