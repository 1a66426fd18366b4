package io.keyvaultbackup.azure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the SDK's credentials say before they have asked anybody, told so that people know what to do. Stateless. */
final class CredentialWords {

    private static final Pattern OTHER_TENANT =
            Pattern.compile("not configured to acquire tokens for tenant (\\S+?)\\.?\\s");
    private static final String CLI = "AzureCliCredential authentication unavailable.";

    private CredentialWords() {}

    /** Its own words where there are no better ones. */
    static String of(String words) {
        Matcher tenant = OTHER_TENANT.matcher(words + " ");
        if (tenant.find()) {
            return "the vault belongs to tenant " + tenant.group(1) + ", and the identity to another. Set "
                    + AzureProperties.PREFIX + ".tenant-id (or AZURE_TENANT_ID) to the vault's";
        }
        if (words.startsWith(CLI) && words.contains("not installed")) {
            return "the Azure CLI (az) is not on this process's PATH. Install it and run 'az login', or prove the"
                    + " identity in another way: " + AzureProperties.PREFIX + ".credential";
        }
        if (words.startsWith(CLI) && words.contains("az login")) {
            return "nobody is logged in to the Azure CLI, or the login has expired. Run 'az login' as the user that this"
                    + " process runs as";
        }
        return words;
    }
}
