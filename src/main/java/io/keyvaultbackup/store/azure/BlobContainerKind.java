package io.keyvaultbackup.store.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.store.StoreKind;
import io.keyvaultbackup.store.StorePlace;
import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;

/** Containers of Blob Storage, all used over one transport and as one identity. */
final class BlobContainerKind implements StoreKind {

    private final ProtectionProperties protection;
    private final Supplier<TokenCredential> credential;
    private final Supplier<HttpClient> httpClient;
    private final InstantSource clock;

    /** @param credential asked for where neither a token nor a connection string is given */
    BlobContainerKind(
            ProtectionProperties protection,
            Supplier<TokenCredential> credential,
            Supplier<HttpClient> httpClient,
            InstantSource clock) {
        this.protection = protection;
        this.credential = credential;
        this.httpClient = httpClient;
        this.clock = clock;
    }

    @Override
    public boolean isOf(StoreProperties properties) {
        return properties.containerUrl() != null || properties.connectionString() != null;
    }

    @Override
    public StorePlace place(StoreProperties properties) {
        return new Place(properties);
    }

    private final class Place implements StorePlace {

        private final StoreProperties properties;

        Place(StoreProperties properties) {
            this.properties = properties;
        }

        @Override
        public BackupStore store() {
            return new BlobContainerStore(client(), protection.immutabilityMode());
        }

        @Override
        public Leases leases() {
            return new BlobLeases(
                    BlobContainers.leaseClient(
                            LeaseAccess.of(access(), properties), httpClient.get(), properties.lease()),
                    properties.lease(),
                    clock);
        }

        @Override
        public BlobRemoval removal() {
            return new BlobContainerRemoval(client(), clock);
        }

        @Override
        public BlobProtection protection() {
            return new BlobContainerProtection(client(), protection.immutabilityMode());
        }

        @Override
        public Examination examination() {
            return new BlobContainerExamination(client(), protection, clock);
        }

        @Override
        public SeenProtection seenProtection() {
            return new ContainerLook(client()).look();
        }

        private BlobContainerClient client() {
            return BlobContainers.client(access(), httpClient.get(), BlobContainers.DEFAULT_TRY_TIMEOUT);
        }

        private ContainerAccess access() {
            if (properties.connectionString() != null) {
                return new ContainerAccess.ConnectionString(
                        properties.connectionString(), Objects.requireNonNull(properties.container()));
            }
            URI url = Objects.requireNonNull(properties.containerUrl());
            return properties.sasToken() == null
                    ? new ContainerAccess.Identity(url, credential.get())
                    : new ContainerAccess.SasToken(url, properties.sasToken());
        }
    }
}
