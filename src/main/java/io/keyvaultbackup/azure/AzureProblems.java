package io.keyvaultbackup.azure;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with {@link AzureProperties} and the variables that stand in for them, before anything is tried. */
final class AzureProblems {

    private static final String GUID_EXAMPLE = "11111111-2222-3333-4444-555555555555";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]+");

    /** What the SDK's chain can be narrowed to. */
    private static final Set<String> CHAINS = Set.of(
            "prod",
            "dev",
            "environmentcredential",
            "workloadidentitycredential",
            "managedidentitycredential",
            "intellijcredential",
            "azureclicredential",
            "azurepowershellcredential",
            "azuredeveloperclicredential",
            "visualstudiocodecredential");

    private final AzureProperties given;
    private final Function<String, @Nullable String> environment;
    private final Identity identity;
    private final List<String> problems = new ArrayList<>();

    private AzureProblems(AzureProperties given, Function<String, @Nullable String> environment) {
        this.given = given;
        this.environment = environment;
        this.identity = Identity.of(given, environment);
    }

    /** In whole sentences: the property, its value if that is no secret, and how it should look. */
    static List<String> of(AzureProperties given, Function<String, @Nullable String> environment) {
        AzureProblems found = new AzureProblems(given, environment);
        found.lookAtAuthority();
        found.lookAtCredential();
        found.lookAtWhatIsNotUsed();
        found.lookAtProxy();
        found.lookAtTimeouts();
        return List.copyOf(found.problems);
    }

    private static String property(String name) {
        return AzureProperties.PREFIX + "." + name;
    }

    private void lookAtAuthority() {
        String authority = identity.authorityHost();
        if (!isHttpsHost(authority)) {
            problems.add(property("authority-host") + " (or AZURE_AUTHORITY_HOST) is " + authority
                    + ", which is not the https address of an authority. A valid one is "
                    + AzureCloud.PUBLIC.authorityHost() + ".");
        }
    }

    private static boolean isHttpsHost(String text) {
        try {
            URI uri = URI.create(text);
            return "https".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private void lookAtCredential() {
        String tenant = identity.tenantId();
        if (tenant != null && !TENANT.matcher(tenant).matches()) {
            problems.add(property("tenant-id") + " (or AZURE_TENANT_ID) is " + tenant
                    + ", which is no tenant's id or domain. A valid one is " + GUID_EXAMPLE + ".");
        }
        switch (identity.credential()) {
            case CLIENT_SECRET -> {
                needsTenantAndClient();
                needs(identity.clientSecret(), "client-secret", "AZURE_CLIENT_SECRET", "the application's secret");
            }
            case CLIENT_CERTIFICATE -> {
                needsTenantAndClient();
                needsFile(
                        identity.clientCertificate(),
                        "client-certificate",
                        "AZURE_CLIENT_CERTIFICATE_PATH",
                        "/etc/keyvault-backup/client.pem");
            }
            case WORKLOAD_IDENTITY -> {
                needsTenantAndClient();
                needsFile(
                        identity.federatedTokenFile(),
                        "federated-token-file",
                        "AZURE_FEDERATED_TOKEN_FILE",
                        "/var/run/secrets/azure/tokens/azure-identity-token");
            }
            case DEFAULT -> lookAtChain();
            case MANAGED_IDENTITY, AZURE_CLI -> {
                // complete without anything else
            }
        }
    }

    private void lookAtChain() {
        String chain = environment.apply("AZURE_TOKEN_CREDENTIALS");
        if (chain != null && !chain.isBlank() && !CHAINS.contains(chain.strip().toLowerCase(Locale.ROOT))) {
            problems.add("AZURE_TOKEN_CREDENTIALS is " + chain
                    + ", which the Azure SDK does not know. A valid one is ManagedIdentityCredential.");
        }
    }

    private void needsTenantAndClient() {
        needs(identity.tenantId(), "tenant-id", "AZURE_TENANT_ID", GUID_EXAMPLE);
        needs(identity.clientId(), "client-id", "AZURE_CLIENT_ID", GUID_EXAMPLE);
    }

    private void needs(@Nullable Object value, String name, String variable, String example) {
        if (value == null) {
            problems.add(property("credential") + " is " + identity.credential().word() + ", which needs "
                    + property(name) + " (or " + variable + "), as " + example + ".");
        }
    }

    private void needsFile(@Nullable Path file, String name, String variable, String example) {
        needs(file, name, variable, example);
        if (file != null && !(file.toFile().isFile() && file.toFile().canRead())) {
            problems.add(property(name) + " (or " + variable + ") is " + file
                    + ", which is not a file that can be read. A valid one is " + example + ".");
        }
    }

    /** Only of the properties: variables may be there for others. */
    private void lookAtWhatIsNotUsed() {
        notUsed(given.clientSecret(), "client-secret", CredentialKind.CLIENT_SECRET);
        notUsed(given.clientCertificate(), "client-certificate", CredentialKind.CLIENT_CERTIFICATE);
        notUsed(given.clientCertificatePassword(), "client-certificate-password", CredentialKind.CLIENT_CERTIFICATE);
        notUsed(given.federatedTokenFile(), "federated-token-file", CredentialKind.WORKLOAD_IDENTITY);
    }

    private void notUsed(@Nullable Object value, String name, CredentialKind user) {
        if (value != null && given.credential() != user) {
            problems.add(property(name) + " is given, and " + property("credential") + " is "
                    + given.credential().word() + ", which does not use it. Set " + property("credential") + "="
                    + user.word() + ", or leave " + property(name) + " out.");
        }
    }

    private void lookAtProxy() {
        AzureProperties.Proxy proxy = given.proxy();
        try {
            ProxyRoute route = ProxyRoute.of(proxy, environment);
            if (route == null && (proxy.user() != null || proxy.password() != null)) {
                problems.add(property("proxy.user") + " or " + property("proxy.password")
                        + " (its value is secret) is given without " + ProxyRoute.URL_PROPERTY + ", as "
                        + ProxyRoute.EXAMPLE + ".");
            }
        } catch (IllegalArgumentException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
        if ((proxy.user() == null) != (proxy.password() == null)) {
            problems.add(property("proxy.user") + " and " + property("proxy.password")
                    + " (its value is secret) belong together, and one of them is missing. Give both, as "
                    + property("proxy.user") + "=backup.");
        }
    }

    private void lookAtTimeouts() {
        if (!given.connectTimeout().isPositive()) {
            problems.add(property("connect-timeout") + " is " + given.connectTimeout()
                    + ", which is no time to wait. A valid one is 10s.");
        }
        if (!given.responseTimeout().isPositive()) {
            problems.add(property("response-timeout") + " is " + given.responseTimeout()
                    + ", which is no time to wait. A valid one is 60s.");
        }
    }
}
