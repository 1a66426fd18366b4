package io.keyvaultbackup.demo;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.util.FileSystemUtils;

/**
 * Backs up an emulated vault with the real program in a process of its own, as its users would, and ends with status 0 if that went
 * as it should: incomplete, for the one object that no backup can hold.
 */
public final class Demonstration {

    private static final int INCOMPLETE_FOR_GOOD = 5;
    private static final Path HERE = Path.of("target", "demo");

    private final PrintStream out;

    private Demonstration(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(new Demonstration(System.out).run());
    }

    private int run() throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(HERE);
        Files.createDirectories(HERE);
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = DemonstrationVault.in(emulator);
            out.printf(
                    "%nAn emulated vault of %d objects of every sort is at %s.%n",
                    vault.objects().size(), vault.uri());
            Path configuration = configure(emulator, vault);
            List<String> command = List.of("backup", "--config", configuration.toString());
            out.printf("Running: keyvault-backup %s%n%n", String.join(" ", command));
            out.flush();
            int exitCode = keyvaultBackup(emulator, command);
            return judge(exitCode, configuration);
        }
    }

    private Path configure(KeyVaultEmulator emulator, EmulatedVault vault) throws IOException {
        Map<String, String> properties = new TreeMap<>();
        properties.put("keyvault-backup.vaults", vault.uri().toString());
        properties.put("keyvault-backup.data-directory", HERE.resolve("data").toString());
        properties.put("keyvault-backup.azure.verify-challenge-resource", "false");
        properties.put("keyvault-backup.azure.ssl-bundle", "emulator");
        Path authority = Files.writeString(HERE.resolve("emulator-ca.pem"), emulator.caCertificatePem());
        properties.put("spring.ssl.bundle.pem.emulator.truststore.certificate", "file:" + authority.toAbsolutePath());
        store(properties);
        StringBuilder text = new StringBuilder();
        properties.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return Files.writeString(HERE.resolve("demo.properties"), text);
    }

    private void store(Map<String, String> properties) {
        if (isThere("node") && isThere("npm")) {
            out.println(
                    "Starting Azurite, the Blob Storage emulator, from npm (the first time, it is installed into target/azurite).");
            Azurite.Container container = Azurite.shared().newContainer();
            properties.put("keyvault-backup.store.connection-string", container.connectionString());
            properties.put("keyvault-backup.store.container", container.name());
        } else {
            out.println(
                    "Node.js (node and npm) was not found, so the copies go into a directory and not into Azurite.");
            properties.put(
                    "keyvault-backup.store.directory", HERE.resolve("store").toString());
        }
    }

    private static boolean isThere(String program) {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int keyvaultBackup(KeyVaultEmulator emulator, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.keyvaultbackup.KeyvaultBackup"));
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().putAll(emulator.tokens().environment());
        process.environment().put("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
        return process.start().waitFor();
    }

    private int judge(int exitCode, Path configuration) {
        if (exitCode != INCOMPLETE_FOR_GOOD) {
            out.printf(
                    "%nThe demonstration did not go as it should: exit code %d, not %d.%n",
                    exitCode, INCOMPLETE_FOR_GOOD);
            return 1;
        }
        out.printf(
                "%nThat was exit code 5, as it should be: everything was copied but the one secret with 501 versions, which no"
                        + "%nbackup can hold; an incomplete run is never told as a success. '%s' failed%n"
                        + "twice and was tried again. The demonstration went as it should.%n%nTo look closer:%n",
                DemonstrationVault.FLAKY);
        out.printf("  ./mvnw -q -DskipTests package%n");
        out.printf("  java -jar target/keyvault-backup.jar runs --config %s%n", configuration);
        out.printf("  java -jar target/keyvault-backup.jar backup --help%n%n");
        return 0;
    }
}
