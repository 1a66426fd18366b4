package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreProperties;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("keyvault-backup.store.directory")
class DirectoryStoreConfiguration {

    @Bean
    @Lazy
    BackupStore directoryStore(StoreProperties properties) {
        return new DirectoryStore(Objects.requireNonNull(properties.directory()));
    }
}
