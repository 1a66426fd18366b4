package io.keyvaultbackup.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the operator wants backups kept; one of three ways, all empty values counting as not given. {@link #toString()} tells no
 * secret. Immutable.
 *
 * @param directory keep them in this directory, as {@code /var/backups/key-vault}
 * @param container the container's name, with a connection string only
 * @param containerUrl keep them in this container of Blob Storage, as {@code https://myaccount.blob.core.windows.net/key-vault-backups}; used as this
 *     process's identity
 * @param sasToken a shared access signature, used for the container URL instead of an identity
 * @param connectionString of the storage account that holds the container
 */
@ConfigurationProperties(StoreProperties.PREFIX)
public record StoreProperties(
        @Nullable Path directory,
        @Nullable URI containerUrl,
        @Nullable String sasToken,
        @Nullable String connectionString,
        @Nullable String container) {

    static final String PREFIX = "keyvault-backup.store";

    public StoreProperties {
        directory = directory == null || directory.toString().isBlank() ? null : directory;
        containerUrl = containerUrl == null || containerUrl.toString().isBlank() ? null : containerUrl;
        sasToken = given(sasToken);
        connectionString = given(connectionString);
        container = given(container);
    }

    /** What keeps these from naming one store, in whole sentences: the property, its value if that is no secret, and how it should look. */
    public List<String> problems() {
        return StoreProblems.of(this);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @Override
    public String toString() {
        return "StoreProperties[directory=" + directory + ", containerUrl="
                + (containerUrl == null ? null : StoreProblems.shown(containerUrl)) + ", sasToken=" + hidden(sasToken)
                + ", connectionString=" + hidden(connectionString) + ", container=" + container + "]";
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : "(hidden)";
    }
}
