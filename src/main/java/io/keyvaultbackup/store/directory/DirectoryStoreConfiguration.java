package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreProperties;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Conditional(DirectoryStoreConfiguration.DirectoryIsNamed.class)
public class DirectoryStoreConfiguration {

    @Bean
    @Lazy
    BackupStore directoryStore(StoreProperties properties) {
        return new DirectoryStore(Objects.requireNonNull(properties.directory()));
    }

    @Bean
    @Lazy
    BlobRemoval directoryRemoval(StoreProperties properties) {
        return new DirectoryRemoval(Objects.requireNonNull(properties.directory()));
    }

    @Bean
    @Lazy
    Leases directoryLeases(StoreProperties properties, InstantSource clock) {
        return new DirectoryLeases(Objects.requireNonNull(properties.directory()), properties.lease(), clock);
    }

    @Bean
    @Lazy
    Examination directoryExamination(StoreProperties properties) {
        return new DirectoryExamination(Objects.requireNonNull(properties.directory()));
    }

    /** An empty value is none, as everywhere. */
    static final class DirectoryIsNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty("keyvault-backup.store.directory"));
        }
    }
}
