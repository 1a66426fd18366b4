package io.keyvaultbackup.dashboard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.dashboard.Browsing;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The description of the API in the jar is of the handlers that are mapped. */
class OpenApiTest extends EmulatedVaultTest {

    private static final Path FILE = Path.of("src/main/resources/META-INF/keyvault-backup/openapi.json");

    @Test
    void theFileIsOfWhatIsMappedAndAllOfItIsDescribed() throws IOException {
        // given
        DescribedBySpringdoc.set(bench);
        Descriptions words = Descriptions.read();

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // when
            String described = new JsonMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(
                                    new ApiDescription(browsing.json(DescribedBySpringdoc.PATH), words).describe())
                    + "\n";

            // then
            Set<String> missing = words.missing();
            assertThat(missing)
                    .as("without a description: add each to " + Descriptions.FILE)
                    .isEmpty();
            assertThat(words.unused())
                    .as("what " + Descriptions.FILE + " describes and is not there")
                    .isEmpty();
            if (Boolean.getBoolean("openapi.write")) {
                Files.writeString(FILE, described);
            }
            assertThat(Files.readString(FILE))
                    .as("to write it anew: ./mvnw test -Dtest=OpenApiTest -Dopenapi.write=true")
                    .isEqualTo(described);
        }
    }

    @Test
    void whoIsLoggedInIsGivenItAndWhoHasItIsToldSo() throws IOException {
        try (Browsing browsing = Browsing.of(bench.serve())) {
            // when
            HttpResponse<String> first = browsing.get("/api/v1/openapi.json");
            String tag = first.headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again =
                    browsing.browser().get(browsing.served().address("/api/v1/openapi.json"), "If-None-Match", tag);

            // then
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache, private");
            assertThat(first.body()).isEqualTo(Files.readString(FILE));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }
}
