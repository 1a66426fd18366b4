package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.certificates.models.CertificateProperties;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.models.KeyProperties;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import io.keyvaultbackup.vault.VaultObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A vault behind the SDK's three clients. */
final class AzureVault implements Vault {

    /** What the SDK's JDK client looks for in a call's context, in place of its own time-out. */
    static final String RESPONSE_TIMEOUT = "azure-response-timeout";

    private final SecretClient secrets;
    private final KeyClient keys;
    private final CertificateClient certificates;
    private final InstantSource clock;
    private final String host;
    private final Duration responseTimeout;

    AzureVault(
            URI uri,
            SecretClient secrets,
            KeyClient keys,
            CertificateClient certificates,
            Duration responseTimeout,
            InstantSource clock) {
        this.host = uri.getAuthority();
        this.secrets = secrets;
        this.keys = keys;
        this.certificates = certificates;
        this.responseTimeout = responseTimeout;
        this.clock = clock;
    }

    @Override
    public Page<VaultObject> list(ObjectKind kind, @Nullable String next) {
        return answered(() -> switch (kind) {
            case SECRET -> page(secrets.listPropertiesOfSecrets(), next, AzureVault::object);
            case KEY -> page(keys.listPropertiesOfKeys(), next, AzureVault::object);
            case CERTIFICATE -> page(certificates.listPropertiesOfCertificates(), next, AzureVault::object);
        });
    }

    @Override
    public Page<ObjectVersion> versions(ObjectId id, @Nullable String next) {
        AskedVersions asked = new AskedVersions();
        Context context = asked.context();
        return answered(() -> {
            PagedResponse<?> answer = switch (id.kind()) {
                case SECRET -> answer(secrets.listPropertiesOfSecretVersions(id.name(), context), next);
                case KEY -> answer(keys.listPropertiesOfKeyVersions(id.name(), context), next);
                case CERTIFICATE -> answer(certificates.listPropertiesOfCertificateVersions(id.name(), context), next);
            };
            return new Page<>(asked.versions(), asked.next(), readAt(answer));
        });
    }

    @Override
    public ProtectedBytes backup(ObjectId id, int timeouts, MemoryBudget memory) {
        MemoryBoundHttpClient.Claim claim = new MemoryBoundHttpClient.Claim(memory);
        try {
            Context context = claim.context().addData(RESPONSE_TIMEOUT, responseTimeout.multipliedBy(timeouts));
            answered(() -> backup(id, context));
            ProtectedBytes bytes = claim.take();
            if (bytes == null) {
                throw new VaultException(
                        Failure.of(FailureReason.CORRUPT_ANSWER, "the answer to the backup call holds no backup"),
                        null);
            }
            return bytes;
        } finally {
            claim.close();
        }
    }

    private Response<byte[]> backup(ObjectId id, Context context) {
        return switch (id.kind()) {
            case SECRET -> secrets.backupSecretWithResponse(id.name(), context);
            case KEY -> keys.backupKeyWithResponse(id.name(), context);
            case CERTIFICATE -> certificates.backupCertificateWithResponse(id.name(), context);
        };
    }

    private <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (VaultException understood) {
            throw understood;
        } catch (RuntimeException failed) {
            throw AzureFailures.understand(failed, host, clock);
        }
    }

    /** One request: the iterator asks for the first page only. */
    static <P, T> Page<T> page(PagedIterable<P> listing, @Nullable String next, Function<P, T> item) {
        PagedResponse<P> page = answer(listing, next);
        List<P> items = page.getValue();
        if (items == null) {
            throw new VaultException(
                    Failure.of(FailureReason.CORRUPT_ANSWER, "the answer to the listing holds no list"), null);
        }
        String following = page.getContinuationToken();
        return new Page<>(
                items.stream().map(item).toList(),
                following == null || following.isEmpty() ? null : following,
                readAt(page));
    }

    private static <P> PagedResponse<P> answer(PagedIterable<P> listing, @Nullable String next) {
        Iterable<PagedResponse<P>> pages = next == null ? listing.iterableByPage() : listing.iterableByPage(next);
        return pages.iterator().next();
    }

    private static @Nullable Instant readAt(PagedResponse<?> page) {
        return ClockSkew.date(page.getHeaders().getValue(HttpHeaderName.DATE));
    }

    private static VaultObject object(SecretProperties secret) {
        ChangeToken token = new ChangeToken(
                instant(secret.getCreatedOn()),
                instant(secret.getUpdatedOn()),
                enabled(secret.isEnabled()),
                instant(secret.getNotBefore()),
                instant(secret.getExpiresOn()),
                tags(secret.getTags()),
                secret.getContentType());
        return new VaultObject(
                new ObjectId(ObjectKind.SECRET, secret.getName()), token, Boolean.TRUE.equals(secret.isManaged()));
    }

    private static VaultObject object(KeyProperties key) {
        ChangeToken token = new ChangeToken(
                instant(key.getCreatedOn()),
                instant(key.getUpdatedOn()),
                enabled(key.isEnabled()),
                instant(key.getNotBefore()),
                instant(key.getExpiresOn()),
                tags(key.getTags()),
                null);
        return new VaultObject(
                new ObjectId(ObjectKind.KEY, key.getName()), token, Boolean.TRUE.equals(key.isManaged()));
    }

    private static VaultObject object(CertificateProperties certificate) {
        ChangeToken token = new ChangeToken(
                instant(certificate.getCreatedOn()),
                instant(certificate.getUpdatedOn()),
                enabled(certificate.isEnabled()),
                instant(certificate.getNotBefore()),
                instant(certificate.getExpiresOn()),
                tags(certificate.getTags()),
                null);
        return new VaultObject(new ObjectId(ObjectKind.CERTIFICATE, certificate.getName()), token, false);
    }

    static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static boolean enabled(@Nullable Boolean enabled) {
        return !Boolean.FALSE.equals(enabled);
    }

    private static Map<String, String> tags(@Nullable Map<String, String> tags) {
        return tags == null ? Map.of() : tags;
    }
}
