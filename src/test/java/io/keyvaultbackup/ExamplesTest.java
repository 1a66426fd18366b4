package io.keyvaultbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The configurations that people copy: nothing in them is unknown, and nothing is wrong. */
class ExamplesTest {

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config/examples"))) {
            return Stream.concat(
                    files.sorted().toList().stream(),
                    Stream.of(
                            Path.of("k8s/base/application.yaml"),
                            Path.of("k8s/overlays/single-vault/application.yaml")));
        }
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyPropertyIsOneThatSomebodyReads(Path example) throws IOException {
        Set<String> given = new TreeSet<>();
        for (PropertySource<?> source :
                new YamlPropertySourceLoader().load(example.toString(), new FileSystemResource(example))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                // the names of bundles and tags are anybody's; what a listed vault has, the program itself looks at
                given.add(name.replaceAll("\\[\\d+]", "")
                        .replaceFirst("(spring\\.ssl\\.bundle\\.pem|\\.discovery\\.tags|\\.fleet\\.vaults).*", "$1"));
            }
        }

        assertThat(given).isNotEmpty().isSubsetOf(known());
    }

    /** Told of one thing that is wrong, the program complains of that alone: the rest of the example is read and good. */
    @ParameterizedTest
    @MethodSource("examples")
    void nothingIsWrongWithIt(Path example, @TempDir Path directory) throws IOException {
        platformGives(System::setProperty);
        try {
            // and the one file that is no file of this machine
            Path authority = LocalhostCertificate.createIn(directory).certificate();
            String text = Files.readString(example)
                    .replace(
                            "file:/etc/ssl/inspecting-proxy.pem",
                            authority.toUri().toString());
            read(Files.writeString(directory.resolve(example.getFileName().toString()), text));
        } finally {
            platformGives((name, value) -> System.clearProperty(name));
        }
    }

    /** What no example holds, because the platform gives it: a secret, a file, and ids. */
    private static void platformGives(BiConsumer<String, String> variable) {
        variable.accept("AZURE_CLIENT_SECRET", "from-the-environment");
        variable.accept("AZURE_FEDERATED_TOKEN_FILE", "pom.xml");
        variable.accept("AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555");
        variable.accept("AZURE_CLIENT_ID", "66666666-7777-8888-9999-000000000000");
    }

    private static void read(Path example) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = CommandLineInterface.on(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        KeyvaultBackup.class)
                .execute("backup", "--config", example.toString(), "--kind", "potato");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("potato").hasLineCount(1);
    }

    private static Set<String> known() throws IOException {
        Set<String> names = new TreeSet<>();
        JsonMapper json = new JsonMapper();
        for (URL url : Collections.list(
                ExamplesTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream input = url.openStream()) {
                for (JsonNode property : json.readTree(input).path("properties")) {
                    names.add(property.path("name").asString());
                }
            }
        }
        return names;
    }
}
