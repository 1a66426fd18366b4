package io.keyvaultbackup.store;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Conditional(StoreConfiguration.StoreIsNamed.class)
public class StoreConfiguration {

    @Bean
    @Lazy
    StorePlaces storePlaces(StoreProperties properties, StoreRoutes routes, ObjectProvider<StoreKind> kinds) {
        return new StorePlaces(properties, routes, kinds.stream().toList());
    }

    @Bean
    @Lazy
    BackupStore backupStore(StorePlaces places) {
        return places.store();
    }

    @Bean
    @Lazy
    Leases leases(StorePlaces places) {
        return places.leases();
    }

    @Bean
    @Lazy
    BlobRemoval blobRemoval(StorePlaces places) {
        return places.removal();
    }

    @Bean
    @Lazy
    BlobProtection blobProtection(StorePlaces places) {
        return places.protection();
    }

    @Bean
    @Lazy
    ProtectionLook protectionLook(StorePlaces places) {
        return places.protectionLook();
    }

    @Bean
    @Lazy
    Examination storeExamination(StorePlaces places) {
        return new StoresExamination(places);
    }

    /** Each store by itself. */
    private record StoresExamination(StorePlaces places) implements Examination {

        @Override
        public String subject() {
            return "store";
        }

        @Override
        public List<Finding> examine() {
            return parts().stream().flatMap(part -> part.examine().stream()).toList();
        }

        @Override
        public List<Examination> parts() {
            return places.examinations();
        }
    }

    /** Whether there is a store at all; an empty value is none, as everywhere. */
    public static boolean isNamed(Environment environment) {
        return Stream.of("directory", "container-url", "connection-string")
                .map(property -> environment.getProperty(StoreProperties.PREFIX + "." + property))
                .anyMatch(StringUtils::hasText);
    }

    static final class StoreIsNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isNamed(context.getEnvironment());
        }
    }
}
