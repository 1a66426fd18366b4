package io.keyvaultbackup.azure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Azure is reached, and as whom. Empty values count as not given. {@link #toString()} tells no secret. Immutable.
 *
 * @param cloud public, china or us-government: the authority that gives out tokens, and how vaults' names end
 * @param authorityHost the authority, where it is another than the cloud's: https://login.example.com
 * @param instanceDiscovery whether Microsoft is asked if the authority is one of theirs; off for a private authority
 * @param credential default, managed-identity, workload-identity, client-secret, client-certificate or azure-cli
 * @param tenantId the identity's tenant; else AZURE_TENANT_ID
 * @param clientId the application's id, or the user-assigned managed identity's; else AZURE_CLIENT_ID
 * @param clientSecret for client-secret; else AZURE_CLIENT_SECRET
 * @param clientCertificate for client-certificate, a PEM or PKCS#12 file with its private key; else AZURE_CLIENT_CERTIFICATE_PATH
 * @param clientCertificatePassword the PKCS#12 file's password; else AZURE_CLIENT_CERTIFICATE_PASSWORD
 * @param federatedTokenFile for workload-identity; else AZURE_FEDERATED_TOKEN_FILE
 * @param sslBundle the name of a Spring SSL bundle whose certificates are trusted beside the JDK's own
 * @param proxy what all connections to Azure go through; else HTTPS_PROXY
 * @param connectTimeout how long opening a connection may take
 * @param responseTimeout how long the service may take to begin its answer, and to go on with it
 * @param verifyChallengeResource whether a vault's host must belong to the domain that its challenge names; off only for private
 *     endpoints and emulators whose name does not
 */
@ConfigurationProperties(AzureProperties.PREFIX)
public record AzureProperties(
        @DefaultValue("public") AzureCloud cloud,
        @Nullable String authorityHost,
        @DefaultValue("true") boolean instanceDiscovery,
        @DefaultValue("default") CredentialKind credential,
        @Nullable String tenantId,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable Path clientCertificate,
        @Nullable String clientCertificatePassword,
        @Nullable Path federatedTokenFile,
        @Nullable String sslBundle,
        @DefaultValue Proxy proxy,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("true") boolean verifyChallengeResource) {

    static final String PREFIX = "keyvault-backup.azure";

    public AzureProperties {
        authorityHost = given(authorityHost);
        tenantId = given(tenantId);
        clientId = given(clientId);
        clientSecret = given(clientSecret);
        clientCertificate = given(clientCertificate);
        clientCertificatePassword = given(clientCertificatePassword);
        federatedTokenFile = given(federatedTokenFile);
        sslBundle = given(sslBundle);
    }

    /**
     * An HTTP proxy that connections go through (CONNECT).
     *
     * @param url its address, as http://proxy.example.com:3128
     * @param user its user, if it wants one
     * @param password its user's password
     * @param nonProxyHosts hosts that are reached without it, with all below them: privatelink.vaultcore.azure.net, or * for all; else
     *     NO_PROXY. This machine and the managed-identity endpoint always are.
     */
    public record Proxy(
            @Nullable String url,
            @Nullable String user,
            @Nullable String password,
            @DefaultValue List<String> nonProxyHosts) {

        public Proxy {
            url = given(url);
            user = given(user);
            password = given(password);
            nonProxyHosts = List.copyOf(nonProxyHosts);
        }

        @Override
        public String toString() {
            return "Proxy[url=" + (url == null ? null : ProxyRoute.shown(url)) + ", user=" + user + ", password="
                    + hidden(password) + ", nonProxyHosts=" + nonProxyHosts + "]";
        }
    }

    @Override
    public String toString() {
        return "AzureProperties[cloud=" + cloud + ", authorityHost=" + authorityHost + ", instanceDiscovery="
                + instanceDiscovery + ", credential=" + credential + ", tenantId=" + tenantId + ", clientId=" + clientId
                + ", clientSecret=" + hidden(clientSecret) + ", clientCertificate=" + clientCertificate
                + ", clientCertificatePassword=" + hidden(clientCertificatePassword) + ", federatedTokenFile="
                + federatedTokenFile + ", sslBundle=" + sslBundle + ", proxy=" + proxy + ", connectTimeout="
                + connectTimeout + ", responseTimeout=" + responseTimeout + ", verifyChallengeResource="
                + verifyChallengeResource + "]";
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable Path given(@Nullable Path path) {
        return path == null || path.toString().isBlank() ? null : path;
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : "(hidden)";
    }
}
