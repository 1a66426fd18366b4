package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.rest.PagedIterable;
import com.azure.core.util.Context;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.secrets.SecretClient;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultDoor;
import io.keyvaultbackup.vault.VaultException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A vault's door behind the same transport as its clients. */
final class AzureVaultDoor implements VaultDoor {

    private static final String FIRST_CALL = "/secrets?api-version=7.4&maxresults=1";
    private static final Pattern TENANT = Pattern.compile("authorization=\"?https://[^/\"]+/([^/\"]+)");

    private final URI vault;
    private final HttpClient transport;
    private final SecretClient secrets;
    private final KeyClient keys;
    private final CertificateClient certificates;
    private final InstantSource clock;

    AzureVaultDoor(
            URI vault,
            HttpClient transport,
            SecretClient secrets,
            KeyClient keys,
            CertificateClient certificates,
            InstantSource clock) {
        this.vault = vault;
        this.transport = transport;
        this.secrets = secrets;
        this.keys = keys;
        this.certificates = certificates;
        this.clock = clock;
    }

    @Override
    public Greeting greet() {
        HttpRequest request =
                new HttpRequest(HttpMethod.GET, vault.resolve(FIRST_CALL).toString());
        try (HttpResponse answer = answered(() -> transport.sendSync(request, Context.NONE))) {
            String challenge = answer.getHeaderValue(HttpHeaderName.WWW_AUTHENTICATE);
            if (answer.getStatusCode() != 401 || challenge == null) {
                Failure failure = AzureFailures.understand(answer, clock);
                throw new VaultException(
                        answer.getStatusCode() == 403 ? failure : failure.withReason(FailureReason.CORRUPT_ANSWER),
                        null);
            }
            Matcher tenant = TENANT.matcher(challenge);
            return new Greeting(
                    tenant.find() ? tenant.group(1) : null, ClockSkew.date(answer.getHeaderValue(HttpHeaderName.DATE)));
        }
    }

    @Override
    public Optional<String> recoveryLevel(ObjectKind kind) {
        return answered(() -> switch (kind) {
            case SECRET -> first(secrets.listPropertiesOfSecrets(), secret -> secret.getRecoveryLevel());
            case KEY -> first(keys.listPropertiesOfKeys(), key -> key.getRecoveryLevel());
            case CERTIFICATE ->
                first(certificates.listPropertiesOfCertificates(), certificate -> certificate.getRecoveryLevel());
        });
    }

    private static <P> Optional<String> first(PagedIterable<P> listing, Function<P, @Nullable String> level) {
        List<P> items = listing.iterableByPage().iterator().next().getValue();
        return items == null || items.isEmpty() ? Optional.empty() : Optional.ofNullable(level.apply(items.getFirst()));
    }

    private <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failed) {
            throw AzureFailures.understand(failed, vault.getAuthority(), clock);
        }
    }
}
