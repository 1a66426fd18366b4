package io.keyvaultbackup.azure;

/** A cloud of Azure's: where its identities come from, and how its vaults' names end. */
public enum AzureCloud {
    PUBLIC("https://login.microsoftonline.com", "vault.azure.net", "https://management.azure.com"),
    CHINA("https://login.chinacloudapi.cn", "vault.azure.cn", "https://management.chinacloudapi.cn"),
    US_GOVERNMENT(
            "https://login.microsoftonline.us", "vault.usgovcloudapi.net", "https://management.usgovcloudapi.net");

    private final String authorityHost;
    private final String vaultSuffix;
    private final String resourceManager;

    AzureCloud(String authorityHost, String vaultSuffix, String resourceManager) {
        this.authorityHost = authorityHost;
        this.vaultSuffix = vaultSuffix;
        this.resourceManager = resourceManager;
    }

    String authorityHost() {
        return authorityHost;
    }

    /** Azure Resource Manager's address, for which its tokens are made out, too. */
    public String resourceManager() {
        return resourceManager;
    }

    /** What stands behind a vault's name in its host name: {@code vault.azure.net}. */
    public String vaultSuffix() {
        return vaultSuffix;
    }
}
