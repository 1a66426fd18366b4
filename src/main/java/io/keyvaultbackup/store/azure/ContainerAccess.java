package io.keyvaultbackup.store.azure;

import com.azure.core.credential.TokenCredential;
import java.net.URI;

/** Which container, and by what right it is used. No {@code toString()} here tells a secret. Immutable. */
public sealed interface ContainerAccess {

    /** As an identity of Entra ID; over HTTPS only, since its token is as good as a password. */
    record Identity(URI containerUrl, TokenCredential credential) implements ContainerAccess {
        @Override
        public String toString() {
            return containerUrl + " as an identity";
        }
    }

    /** With a shared access signature for the container, with or without the question mark before it. */
    record SasToken(URI containerUrl, String sasToken) implements ContainerAccess {
        @Override
        public String toString() {
            return containerUrl + " with a SAS token";
        }
    }

    /** With the storage account's connection string. */
    record ConnectionString(String connectionString, String container) implements ContainerAccess {
        @Override
        public String toString() {
            return "container " + container + " with a connection string";
        }
    }
}
