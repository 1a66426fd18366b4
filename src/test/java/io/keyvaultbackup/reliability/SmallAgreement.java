package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.BackupContent;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The manifest, the store and the vault tell the same. */
final class SmallAgreement {

    private static final JsonMapper JSON = new JsonMapper();

    private SmallAgreement() {}

    static void check(EmulatedVault vault, Map<String, byte[]> blobs) {
        String newest = blobs.keySet().stream()
                .filter(name -> name.contains("/manifests/"))
                .max(Comparator.comparingInt(name -> Integer.parseInt(name.replaceFirst(".*\\.(\\d+)\\.json", "$1"))))
                .orElseThrow();
        JsonNode manifest = JSON.readTree(blobs.get(newest));
        assertThat(manifest.path("complete").asBoolean()).isTrue();
        Map<String, JsonNode> told = new TreeMap<>();
        manifest.path("objects")
                .forEach(object -> told.put(
                        object.path("kind").asString() + "/"
                                + object.path("name").asString(),
                        object));
        assertThat(told).hasSize(vault.objects().size());
        for (EmulatedObject object : vault.objects()) {
            String id = object.kind() + "/" + object.name();
            JsonNode entry = Objects.requireNonNull(told.get(id), id);
            if (object.managed()) {
                assertThat(entry.path("outcome").asString()).as(id).isEqualTo("COVERED_BY_CERTIFICATE");
                continue;
            }
            assertThat(entry.path("outcome").asString()).as(id).isEqualTo("BACKED_UP");
            byte[] bytes = Objects.requireNonNull(blobs.get(entry.path("blob").asString()), id);
            BackupContent content = vault.openBackup(bytes);
            assertThat(content.kind() + "/" + content.name()).isEqualTo(id);
            assertThat(content.revision()).as(id).isEqualTo(object.revision());
        }
        blobs.forEach((name, bytes) -> {
            if (!name.contains("/manifests/")) {
                assertThat(vault.openBackup(bytes).versions()).as(name).isNotEmpty();
            }
        });
    }
}
