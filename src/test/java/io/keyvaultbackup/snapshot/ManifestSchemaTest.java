package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestSchemaTest {

    private final ManifestSchema schema = new ManifestSchema();

    private List<String> problems(String manifest) {
        List<String> problems = new ArrayList<>();
        ManifestReader.readJson(
                new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)),
                head -> schema.problemsOfHead(head).forEach(problems::add),
                (object, execution, length) -> schema.problemsOfObject(object).forEach(problems::add));
        return problems;
    }

    private static String manifest() {
        return new String(Manifests.bytes(Manifests.objects(new Random(7), 100)), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenFits() {
        assertThat(problems(manifest())).isEmpty();
    }

    @Test
    void anOlderManifestFitsToo() {
        String older = manifest().replaceAll("\"contentType\":\"[^,]*\",", "");

        assertThat(older).isNotEqualTo(manifest()).doesNotContain("contentType");
        assertThat(problems(older)).isEmpty();
    }

    @Test
    void whatANewerWriterAddsFitsToo() {
        assertThat(problems(manifest().replace("\"execution\":1", "\"execution\":1,\"later\":{}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"complete\":false,` | `` | complete",
                "`\"execution\":1` | `\"execution\":0` | execution",
                "`\"vault\":\"https:` | `\"vault\":\"http:` | vault",
                "`\"number\":2` | `\"number\":\"2\"` | number",
                "`\"outcome\":\"BACKED_UP\"` | `\"outcome\":\"LOST\"` | outcome",
                "`\"kind\":\"key\"` | `\"kind\":\"kay\"` | kind",
                "`\"size\":5000` | `\"size\":-1` | size",
                "`\"size\":5000,` | `` | size",
                "`\"sha256\":\"0123` | `\"sha256\":\"X123` | sha256",
                "`\"enabled\":true` | `\"enabled\":\"yes\"` | enabled",
                "`\"contentType\":\"text/plain; ` | `\"contentType\":7,\"x\":\"` | contentType",
                "`\"name\":\"object-000001\"` | `\"name\":\"../object\"` | name",
                "`\"outcome\":\"EXCLUDED\"` | `\"outcome\":\"BACKED_UP\"` | blob"
            },
            delimiter = '|')
    void whatDoesNotFitIsNamed(String before, String after, String named) {
        String manifest = manifest();
        assertThat(manifest).contains(before);

        assertThat(problems(manifest.replace(before, after == null ? "" : after)))
                .anyMatch(problem -> problem.contains(named));
    }
}
