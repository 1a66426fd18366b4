package io.keyvaultbackup.azure;

/** A cloud of Azure's: where its identities come from, and how its vaults' names end. */
public enum AzureCloud {
    PUBLIC("https://login.microsoftonline.com", "vault.azure.net"),
    CHINA("https://login.chinacloudapi.cn", "vault.azure.cn"),
    US_GOVERNMENT("https://login.microsoftonline.us", "vault.usgovcloudapi.net");

    private final String authorityHost;
    private final String vaultSuffix;

    AzureCloud(String authorityHost, String vaultSuffix) {
        this.authorityHost = authorityHost;
        this.vaultSuffix = vaultSuffix;
    }

    String authorityHost() {
        return authorityHost;
    }

    /** What stands behind a vault's name in its host name: {@code vault.azure.net}. */
    public String vaultSuffix() {
        return vaultSuffix;
    }
}
