package io.keyvaultbackup.backup;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the command line against a vault share: an emulator for the class, and for each test an empty vault of its name and a bench. */
public abstract class EmulatedVaultTest {

    protected static KeyVaultEmulator emulator;

    @TempDir
    protected Path directory;

    protected Bench bench;
    protected EmulatedVault vault;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @BeforeEach
    void makeVaultAndBench(TestInfo test) {
        bench = new Bench(directory, emulator);
        vault = emulator.vault(test.getTestMethod().orElseThrow().getName());
    }
}
