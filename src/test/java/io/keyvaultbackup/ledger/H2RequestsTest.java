package io.keyvaultbackup.ledger;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The default database: H2 in a file, with the address that application.yaml gives it. */
class H2RequestsTest extends RequestsContract {

    @TempDir
    private static Path directory;

    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() {
        context = start(Map.of("keyvault-backup.data-directory", directory.toString()));
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
