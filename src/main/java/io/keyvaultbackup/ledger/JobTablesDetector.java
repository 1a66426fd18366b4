package io.keyvaultbackup.ledger;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/** Has Spring Boot make what uses the database after {@link JobTables}; it finds this in {@code META-INF/spring.factories}. */
final class JobTablesDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(JobTables.class);
    }
}
