package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The identity that is logged in to the Azure CLI: the program runs with a PATH on which there is our {@code az}, or none. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "our az is a shell script")
class AzureCliTest {

    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    private EmulatedVault vault;
    private Path path;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void seed() throws IOException {
        vault = emulator.vault("by-hand");
        vault.secrets("app-", 3);
        path = Files.createDirectory(directory.resolve("bin"));
    }

    /** Only what the shell itself knows: there is nothing else on the PATH. */
    private void az(String... lines) throws IOException {
        Path az = Files.writeString(path.resolve("az"), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(az, PosixFilePermissions.fromString("rwx------"));
    }

    private Bench.Result backUp() {
        Bench bench = new Bench(directory, emulator).set("keyvault-backup.azure.credential", "azure-cli");
        return new OwnProcess(directory, emulator, bench)
                .environment("PATH", path.toString())
                .run("backup", "--json", "--vault", vault.uri().toString());
    }

    @Test
    void whoIsLoggedInBacksUp() throws IOException {
        // given
        Path asked = directory.resolve("asked");
        String token = emulator.authority().federatedToken("https://vault.azure.net", Duration.ofHours(1));
        az(
                "echo \"$@\" >> " + asked,
                "echo '{\"accessToken\": \"" + token + "\", \"tokenType\": \"Bearer\", \"expires_on\": "
                        + Instant.now().plus(Duration.ofHours(1)).getEpochSecond() + "}'");

        // when
        Bench.Result result = backUp();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(asked).content().contains("account get-access-token", "--resource https://vault.azure.net");
        assertThat(result.out() + result.err()).doesNotContain(token);
    }

    @Test
    void withoutTheCliItIsSaidWhatToDo() {
        assertThat(messageOf(backUp()))
                .isEqualTo("the Azure CLI (az) is not on this process's PATH. Install it and run 'az login', or prove"
                        + " the identity in another way: keyvault-backup.azure.credential");
    }

    @Test
    void whoIsNotLoggedInIsToldTo() throws IOException {
        az("echo \"ERROR: Please run 'az login' to setup account.\" >&2", "exit 1");

        assertThat(messageOf(backUp()))
                .isEqualTo("nobody is logged in to the Azure CLI, or the login has expired. Run 'az login' as the user"
                        + " that this process runs as");
    }

    private static String messageOf(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(new TreeSet<>(result.failures().values())).containsExactly("NOT_AUTHENTICATED");
        assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ");
        return result.lines("error").getFirst().path("message").asString();
    }
}
