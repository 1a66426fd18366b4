package io.keyvaultbackup.ledger;

import io.keyvaultbackup.testservices.Postgres;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.context.ConfigurableApplicationContext;

/** The database of production. */
class PostgresRequestsTest extends RequestsContract {

    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() {
        Postgres.Database database = Postgres.shared().newDatabase();
        context = start(Map.of(
                "spring.datasource.url", database.jdbcUrl(),
                "spring.datasource.username", database.user(),
                "spring.datasource.password", database.password()));
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Override
    ConfigurableApplicationContext context() {
        return context;
    }
}
