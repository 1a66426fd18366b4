package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Any endpoint that speaks the API, found by configuration alone: three processes that share no code. */
class IndependentServerTest {

    private static final String VAULT_HOST = "team-a.vault.example.test";
    private static final String STORAGE_HOST = "devstoreaccount1.storage.example.test";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void aServerOfAnotherHandIsBackedUpIntoAnAccountWithADomainOfItsOwn() throws Exception {
        // given a vault, an identity and a store that this program was told of by properties and environment only
        LocalhostCertificate storage = LocalhostCertificate.createIn(directory, STORAGE_HOST);
        Process server = startServer();
        try (Azurite azurite = Azurite.startHttps(storage.certificate(), storage.key());
                BufferedReader serverSays = server.inputReader()) {
            String[] ready = serverSays.readLine().split(" ");
            Azurite.Container container = azurite.newContainer();

            // when
            Process backup = startBackup(ready, azurite, container.name());
            int exitCode = backup.waitFor();
            server.getOutputStream().close();

            // then
            String output = Files.readString(directory.resolve("output"));
            assertThat(exitCode).as(output).isZero();
            assertThat(output).contains("{\"BACKED_UP\":63,\"COVERED_BY_CERTIFICATE\":2}");
            assertThat(stored(azurite.client(container.name())))
                    .hasSize(63)
                    .isEqualTo(given(serverSays.lines().toList()));
        } finally {
            server.destroy();
        }
    }

    private Process startServer() throws IOException {
        return new ProcessBuilder(JAVA, "src/test/independent/VaultServer.java", directory.toString(), VAULT_HOST)
                .redirectError(directory.resolve("server-errors").toFile())
                .start();
    }

    /** Both hosts are this machine, for this one process; the name server knows neither. */
    private Process startBackup(String[] ready, Azurite azurite, String container) throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hosts"),
                "127.0.0.1 localhost " + VAULT_HOST + " " + STORAGE_HOST + System.lineSeparator());
        Path trusted = Files.writeString(
                directory.resolve("trusted.pem"),
                Files.readString(directory.resolve("independent.pem"))
                        + Files.readString(directory.resolve("localhost.crt")));
        Path configuration = Files.writeString(directory.resolve("backup.yaml"), """
                keyvault-backup:
                  vaults: ["%s/"]
                  store:
                    container-url: https://%s:%d/%s
                  azure:
                    credential: managed-identity
                    ssl-bundle: ours
                    verify-challenge-resource: false
                  data-directory: %s
                spring.datasource.url: jdbc:h2:file:%s/backup;MODE=PostgreSQL
                spring.ssl.bundle.pem.ours.truststore.certificate: file:%s
                """.formatted(
                        ready[1].replace("team-a", "Team-A").replace("https://", ""),
                        STORAGE_HOST,
                        azurite.accountUrl().getPort(),
                        container,
                        directory.resolve("data"),
                        directory.resolve("data"),
                        trusted));
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                KeyvaultBackup.class.getName(),
                "backup",
                "--json",
                "--config",
                configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().remove("AZURE_TOKEN_CREDENTIALS");
        builder.environment().putAll(Map.of("IDENTITY_ENDPOINT", ready[2], "IDENTITY_HEADER", ready[3]));
        return builder.start();
    }

    /** What the server says that it gave, by object: the SHA-256. */
    private static Map<String, String> given(List<String> lines) {
        Map<String, String> given = new TreeMap<>();
        lines.stream()
                .filter(line -> line.startsWith("GAVE "))
                .map(line -> line.split(" "))
                .forEach(words -> given.put(words[1], words[2]));
        return given;
    }

    private static Map<String, String> stored(BlobContainerClient container) throws Exception {
        Map<String, String> stored = new TreeMap<>();
        for (var blob : container.listBlobs()) {
            String[] parts = blob.getName().split("/", -1);
            if (parts.length == 4) {
                BinaryData content = container.getBlobClient(blob.getName()).downloadContent();
                stored.put(
                        parts[2] + "/" + parts[3].replaceFirst("\\.\\d+$", ""),
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content.toBytes())));
            }
        }
        return stored;
    }
}
