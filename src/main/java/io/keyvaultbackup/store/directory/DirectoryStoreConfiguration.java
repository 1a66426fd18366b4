package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.store.StoreKind;
import io.keyvaultbackup.store.StorePlace;
import io.keyvaultbackup.store.StoreProperties;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
public class DirectoryStoreConfiguration {

    @Bean
    @Lazy
    StoreKind directories(InstantSource clock) {
        return new Directories(clock);
    }

    private record Directories(InstantSource clock) implements StoreKind {

        @Override
        public boolean isOf(StoreProperties properties) {
            return properties.directory() != null;
        }

        @Override
        public StorePlace place(StoreProperties properties) {
            return new Place(Objects.requireNonNull(properties.directory()), properties, clock);
        }
    }

    private record Place(Path root, StoreProperties properties, InstantSource clock) implements StorePlace {

        @Override
        public BackupStore store() {
            return new DirectoryStore(root);
        }

        @Override
        public Leases leases() {
            return new DirectoryLeases(root, properties.lease(), clock);
        }

        @Override
        public BlobRemoval removal() {
            return new DirectoryRemoval(root);
        }

        @Override
        public BlobProtection protection() {
            return new NoProtection();
        }

        @Override
        public Examination examination() {
            return new DirectoryExamination(root);
        }

        /** A directory keeps nothing from whoever may write in it. */
        @Override
        public SeenProtection seenProtection() {
            return new SeenProtection(root.toString(), false, false, false, null);
        }
    }
}
