package io.keyvaultbackup.azure;

import java.util.Locale;

/** How this process proves who it is. */
public enum CredentialKind {
    /** The Azure SDK's chain, which AZURE_TOKEN_CREDENTIALS narrows. */
    DEFAULT,
    MANAGED_IDENTITY,
    WORKLOAD_IDENTITY,
    CLIENT_SECRET,
    CLIENT_CERTIFICATE,
    AZURE_CLI;

    /** As it is written in a configuration: {@code managed-identity}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
