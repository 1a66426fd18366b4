package io.keyvaultbackup.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Makes the SDK's credential of an {@link Identity} that has no problems. Asks nobody yet. Stateless. */
final class Credentials {

    private Credentials() {}

    static TokenCredential of(Identity identity, HttpClient httpClient) {
        return switch (identity.credential()) {
            case DEFAULT -> chain(identity, httpClient);
            case MANAGED_IDENTITY ->
                new ManagedIdentityCredentialBuilder()
                        .clientId(identity.clientId())
                        .httpClient(httpClient)
                        .build();
            case WORKLOAD_IDENTITY ->
                at(new WorkloadIdentityCredentialBuilder(), identity, httpClient)
                        .tokenFilePath(Objects.requireNonNull(identity.federatedTokenFile())
                                .toString())
                        .build();
            case CLIENT_SECRET ->
                at(new ClientSecretCredentialBuilder(), identity, httpClient)
                        .clientSecret(Objects.requireNonNull(identity.clientSecret()))
                        .build();
            case CLIENT_CERTIFICATE -> certificate(identity, httpClient);
            case AZURE_CLI ->
                new AzureCliCredentialBuilder().tenantId(identity.tenantId()).build();
        };
    }

    private static <B extends AadCredentialBuilderBase<B>> B at(B builder, Identity identity, HttpClient httpClient) {
        if (!identity.instanceDiscovery()) {
            builder.disableInstanceDiscovery();
        }
        return builder.authorityHost(identity.authorityHost())
                .tenantId(Objects.requireNonNull(identity.tenantId()))
                .clientId(Objects.requireNonNull(identity.clientId()))
                .httpClient(httpClient);
    }

    private static TokenCredential certificate(Identity identity, HttpClient httpClient) {
        Path file = Objects.requireNonNull(identity.clientCertificate());
        ClientCertificateCredentialBuilder builder = at(new ClientCertificateCredentialBuilder(), identity, httpClient)
                .sendCertificateChain(true);
        if (file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(pfx|p12)")) {
            return builder.pfxCertificate(file.toString())
                    .clientCertificatePassword(identity.clientCertificatePassword())
                    .build();
        }
        return builder.pemCertificate(file.toString()).build();
    }

    private static TokenCredential chain(Identity identity, HttpClient httpClient) {
        DefaultAzureCredentialBuilder builder = new DefaultAzureCredentialBuilder()
                .authorityHost(identity.authorityHost())
                .httpClient(httpClient);
        if (identity.tenantId() != null) {
            builder.tenantId(identity.tenantId());
        }
        if (identity.clientId() != null) {
            builder.managedIdentityClientId(identity.clientId());
        }
        if (!identity.instanceDiscovery()) {
            builder.disableInstanceDiscovery();
        }
        return builder.build();
    }
}
