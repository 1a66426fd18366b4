package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void everyObjectOfEveryPageIsBackedUp() {
        // given more objects than fit on a page, of every kind
        EmulatedVault vault = emulator.vault("pages");
        vault.secrets("app", 60);
        for (int number = 0; number < 30; number++) {
            vault.key("key-" + number);
            vault.certificate("certificate-" + number);
        }

        // when
        Bench.Result result = new Bench(directory, emulator).backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 120L, "COVERED_BY_CERTIFICATE", 60L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(120);
    }
}
