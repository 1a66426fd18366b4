package io.keyvaultbackup.azure;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who this process is: the properties, and where they are silent the variables that every tool with this SDK reads. Immutable. */
record Identity(
        CredentialKind credential,
        String authorityHost,
        boolean instanceDiscovery,
        @Nullable String tenantId,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable Path clientCertificate,
        @Nullable String clientCertificatePassword,
        @Nullable Path federatedTokenFile) {

    /** @param environment gives a variable's value, or null */
    static Identity of(AzureProperties given, Function<String, @Nullable String> environment) {
        return new Identity(
                given.credential(),
                Objects.requireNonNullElseGet(
                        first(given.authorityHost(), environment.apply("AZURE_AUTHORITY_HOST")),
                        given.cloud()::authorityHost),
                given.instanceDiscovery(),
                first(given.tenantId(), environment.apply("AZURE_TENANT_ID")),
                first(given.clientId(), environment.apply("AZURE_CLIENT_ID")),
                first(given.clientSecret(), environment.apply("AZURE_CLIENT_SECRET")),
                first(given.clientCertificate(), environment.apply("AZURE_CLIENT_CERTIFICATE_PATH")),
                first(given.clientCertificatePassword(), environment.apply("AZURE_CLIENT_CERTIFICATE_PASSWORD")),
                first(given.federatedTokenFile(), environment.apply("AZURE_FEDERATED_TOKEN_FILE")));
    }

    private static @Nullable String first(@Nullable String property, @Nullable String variable) {
        return property != null || variable == null || variable.isBlank() ? property : variable.strip();
    }

    private static @Nullable Path first(@Nullable Path property, @Nullable String variable) {
        return property != null || variable == null || variable.isBlank() ? property : Path.of(variable.strip());
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return credential.word() + " of client " + clientId + " in tenant " + tenantId + " at " + authorityHost;
    }
}
