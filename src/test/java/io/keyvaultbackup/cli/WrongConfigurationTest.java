package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A wrong configuration is refused in a sentence that helps, before anything is opened, called or written. */
@ExtendWith(OutputCaptureExtension.class)
class WrongConfigurationTest {

    private static final String VAULT = "https://team-a.vault.azure.net";

    @TempDir
    private Path directory;

    /** Runs with a configuration that is right but for these lines, or for these arguments. */
    private Invocation backUp(List<String> lines, String... arguments) throws IOException {
        List<String> all = new ArrayList<>();
        all.add("keyvault-backup.data-directory=" + slashes(directory.resolve("data")));
        all.addAll(lines);
        Path config = Files.write(directory.resolve("nightly.properties"), all);
        List<String> line = new ArrayList<>(List.of("backup", "--config", config.toString()));
        line.addAll(List.of(arguments));
        return Invocation.of(line.toArray(String[]::new));
    }

    private List<String> right() {
        return List.of(
                "keyvault-backup.vaults=" + VAULT,
                "keyvault-backup.store.directory=" + slashes(directory.resolve("store")));
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private void assertRefusedInOneSentence(Invocation refused, CapturedOutput process) throws IOException {
        assertRefused(refused, process);
        assertThat(refused.err()).hasLineCount(1);
    }

    private void assertRefused(Invocation refused, CapturedOutput process) throws IOException {
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("keyvault-backup: ").doesNotContain("Exception", "\tat ", "java.", "null");
        assertThat(process.getAll()).doesNotContain("Exception", "\tat ");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsOnly("nightly.properties");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scheduled-for | garbage    | --scheduled-for: 'garbage'            | 2026-11-24T03:00:00Z",
                "--vault         | http://x   | keyvault-backup.vaults (--vault): 'http://x' | https://team-a.vault.azure.net",
                "--vault         | https://x.managedhsm.azure.net | Managed HSM, which is not supported yet | team-a.vault.azure.net",
                "--kind          | potato     | keyvault-backup.kinds (--kind): 'potato'     | secret, key and certificate",
                "--budget        | 0          | keyvault-backup.budget (--budget): '0'       | 50%",
                "--budget        | 101%       | keyvault-backup.budget (--budget): '101%'    | 50%",
                "--store         | http://x/y | keyvault-backup.store                        | https://"
            })
    void anOption(String option, String value, String named, String example, CapturedOutput process)
            throws IOException {
        List<String> lines = option.equals("--store") ? right().subList(0, 1) : right();

        Invocation refused = backUp(lines, option, value);

        assertRefusedInOneSentence(refused, process);
        assertThat(refused.err()).contains(named, example);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keyvault-backup.threads               | 0       | 32",
                "keyvault-backup.threads               | many    | 32",
                "keyvault-backup.chunk                 | 5000    | 32",
                "keyvault-backup.version-limit         | 0       | 500",
                "keyvault-backup.memory                | 10KB    | 64MB",
                "keyvault-backup.memory                | plenty  | 64MB",
                "keyvault-backup.list-versions         | perhaps | true or false",
                "keyvault-backup.store.connection-string | x     | AccountName=",
                "keyvault-backup.azure.cloud           | moon    | us-government",
                "keyvault-backup.azure.credential      | badge   | managed-identity",
                "keyvault-backup.azure.credential      | client-secret | AZURE_CLIENT_SECRET",
                "keyvault-backup.azure.authority-host  | http://x | https://login.microsoftonline.com",
                "keyvault-backup.azure.proxy.url       | socks5://x:1 | http://proxy.example.com:3128",
                "keyvault-backup.azure.ssl-bundle      | missing | spring.ssl.bundle.pem.missing",
                "keyvault-backup.azure.response-timeout | 0s     | 60s"
            })
    void aProperty(String property, String value, String example, CapturedOutput process) throws IOException {
        List<String> lines = new ArrayList<>(right());
        lines.add(property + "=" + value);

        Invocation refused = backUp(lines);

        assertRefused(refused, process);
        assertThat(refused.err()).contains(property, example);
    }

    @Test
    void noVault(CapturedOutput process) throws IOException {
        Invocation refused = backUp(right().subList(1, 2));

        assertRefusedInOneSentence(refused, process);
        assertThat(refused.err()).contains("No vault", "--vault https://", "keyvault-backup.vaults");
    }

    @Test
    void noStore(CapturedOutput process) throws IOException {
        Invocation refused = backUp(right().subList(0, 1));

        assertRefusedInOneSentence(refused, process);
        assertThat(refused.err()).contains("No store", "--store", "keyvault-backup.store.directory", "https://");
    }

    @Test
    void twoStores(CapturedOutput process) throws IOException {
        List<String> both = new java.util.ArrayList<>(right());
        both.add("keyvault-backup.store.container-url=https://account.blob.core.windows.net/backups");
        Invocation refused = backUp(both);

        assertRefusedInOneSentence(refused, process);
        assertThat(refused.err())
                .contains(
                        "More than one store",
                        "keyvault-backup.store.directory",
                        "keyvault-backup.store.container-url");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce(CapturedOutput process) throws IOException {
        Invocation refused = backUp(
                List.of("keyvault-backup.threads=0", "keyvault-backup.chunk=0"),
                "--vault",
                "http://x",
                "--kind",
                "potato",
                "--kind",
                "onion",
                "--budget",
                "0",
                "--scheduled-for",
                "noon");

        assertRefused(refused, process);
        assertThat(refused.err())
                .hasLineCount(8)
                .contains("noon", "http://x", "potato", "onion", "budget", "threads", "chunk", "No store");
    }

    @Test
    void asJson(CapturedOutput process) throws IOException {
        Invocation refused = backUp(right(), "--kind", "potato", "--json");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).isEmpty();
        assertThat(refused.line().path("message_type").asString()).isEqualTo("error");
        assertThat(refused.line().path("message").asString()).contains("keyvault-backup.kinds", "potato");
        assertThat(refused.line().path("exit_code").asInt()).isEqualTo(2);
        assertThat(process.getAll()).doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({"missing.yaml, cannot be read", "., cannot be read", "nightly.conf, .yaml"})
    void aConfigurationFileThatIsNone(String name, String said) throws IOException {
        Files.writeString(directory.resolve("nightly.conf"), "");

        for (String verb : List.of("backup", "runs")) {
            Invocation refused =
                    Invocation.of(verb, "--config", directory.resolve(name).toString());

            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .startsWith("keyvault-backup: --config: ")
                    .contains(said, "./nightly.yaml")
                    .hasLineCount(1);
        }
    }
}
