package io.keyvaultbackup.store;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
 * @param lease for how long a vault stays one run's own after that run was last heard of; 15s to 60s with a container
 * @param leaseContainer the container, in the same account, of the leases that keep two runs of a vault apart; if none is given,
 *     the container's name and {@code -leases}
 * @param leaseSasToken a shared access signature for the lease container (sp=rcw), where the other one is for its own container only
 */
@ConfigurationProperties(StoreProperties.PREFIX)
public record StoreProperties(
        @Nullable Path directory,
        @Nullable URI containerUrl,
        @Nullable String sasToken,
        @Nullable String connectionString,
        @Nullable String container,
        @DefaultValue("60s") Duration lease,
        @Nullable String leaseContainer,
        @Nullable String leaseSasToken) {

    public static final String PREFIX = "keyvault-backup.store";

    public StoreProperties {
        directory = directory == null || directory.toString().isBlank() ? null : directory;
        containerUrl = containerUrl == null || containerUrl.toString().isBlank() ? null : containerUrl;
        sasToken = given(sasToken);
        connectionString = given(connectionString);
        container = given(container);
        leaseContainer = given(leaseContainer);
        leaseSasToken = given(leaseSasToken);
    }

    /** The container of the leases, or null where backups are kept in none. */
    public @Nullable String leaseContainerName() {
        String backups = backupContainerName();
        return leaseContainer != null || backups == null ? leaseContainer : backups + "-leases";
    }

    @Nullable
    String backupContainerName() {
        return containerUrl == null
                ? container
                : containerUrl.toString().replaceFirst("/+$", "").replaceFirst(".*/", "");
    }

    /** What keeps these from naming one store, in whole sentences: the property, its value if that is no secret, and how it should look. */
    public List<String> problems() {
        return problems(PREFIX);
    }

    /**
     * The same of a store that is named elsewhere.
     *
     * @param prefix what the names of its properties begin with, but for the lease, which is one for all stores
     */
    public List<String> problems(String prefix) {
        List<String> problems = new ArrayList<>(StoreProblems.of(this, prefix));
        problems.addAll(LeaseProblems.of(this, prefix));
        return List.copyOf(problems);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @Override
    public String toString() {
        return "StoreProperties[directory=" + directory + ", containerUrl="
                + (containerUrl == null ? null : StoreProblems.shown(containerUrl)) + ", sasToken=" + hidden(sasToken)
                + ", connectionString=" + hidden(connectionString) + ", container=" + container + ", lease=" + lease
                + ", leaseContainer=" + leaseContainer + ", leaseSasToken=" + hidden(leaseSasToken) + "]";
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : "(hidden)";
    }
}
