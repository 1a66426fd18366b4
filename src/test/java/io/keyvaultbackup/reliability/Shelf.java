package io.keyvaultbackup.reliability;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.options.BlobBreakLeaseOptions;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.testservices.Azurite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** The store of a run, seen from behind. */
sealed interface Shelf {

    String word();

    /** The names of all that is in it. */
    Set<String> names();

    /** For the check that all agrees. */
    KeptBlobs kept();

    /** Ends the lease of a process that died, where waiting for that takes long; who took it is known to be dead. */
    void endLease();

    /** The bench's own directory. */
    record InDirectory(Path root) implements Shelf {

        /** As short as it may be: a relaunch takes about as long to start. */
        static InDirectory of(Bench bench) {
            return new InDirectory(
                    bench.set("keyvault-backup.store.lease", "2s").store());
        }

        @Override
        public String word() {
            return "directory";
        }

        @Override
        public Set<String> names() {
            return kept().startingWith("").keySet().stream()
                    .filter(name -> !name.startsWith("."))
                    .collect(Collectors.toSet());
        }

        @Override
        public KeptBlobs kept() {
            return KeptBlobs.inDirectory(root);
        }

        @Override
        public void endLease() {
            // it ends while the next process starts
        }
    }

    /** A container of its own in Azurite. */
    record InAzurite(Azurite.Container container) implements Shelf {

        static InAzurite of(Bench bench) {
            return new InAzurite(Azurite.shared().newContainer()).configure(bench);
        }

        InAzurite configure(Bench bench) {
            bench.without("keyvault-backup.store.directory")
                    .set("keyvault-backup.store.connection-string", container.connectionString())
                    .set("keyvault-backup.store.container", container.name())
                    .set("keyvault-backup.store.lease", "15s");
            return this;
        }

        @Override
        public String word() {
            return "Azurite";
        }

        @Override
        public Set<String> names() {
            return Azurite.shared().client(container.name()).listBlobs().stream()
                    .map(BlobItem::getName)
                    .collect(Collectors.toSet());
        }

        @Override
        public KeptBlobs kept() {
            return KeptBlobs.inContainer(Azurite.shared().client(container.name()), leases());
        }

        private BlobContainerClient leases() {
            return Azurite.shared().client(container.name() + "-leases");
        }

        @Override
        public void endLease() {
            BlobContainerClient leases = leases();
            leases.listBlobs().forEach(note -> endLease(leases.getBlobClient(note.getName())));
        }

        /** Ends the lease of one vault, if somebody has it. */
        static void endLease(BlobClient note) {
            if (note.exists() && note.getProperties().getLeaseState() == LeaseStateType.LEASED) {
                new BlobLeaseClientBuilder()
                        .blobClient(note)
                        .buildClient()
                        .breakLeaseWithResponse(
                                new BlobBreakLeaseOptions().setBreakPeriod(Duration.ZERO), null, Context.NONE);
            }
        }
    }
}
