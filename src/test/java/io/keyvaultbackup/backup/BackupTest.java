package io.keyvaultbackup.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.BackupContent;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.Operation;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What goes well. */
class BackupTest extends EmulatedVaultTest {

    private final AtomicLong answeredBefore = new AtomicLong();

    @Test
    void aVaultThatIsGivenInSeveralSpellingsIsBackedUpOnce() {
        vault.secrets("app", 3);
        String port = ":" + vault.uri().getPort();

        Bench.Result result = bench.run(
                "backup",
                "--json",
                "--vault",
                "https://localhost" + port,
                "--vault",
                "LOCALHOST" + port,
                "--vault",
                "https://LocalHost" + port + "/");

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("summary")).hasSize(1);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
    }

    @Test
    void everyObjectOfEveryPageIsBackedUpOnceAndCounted() {
        // given more objects of each kind than fit on a page
        vault.secrets("app", 60);
        for (int number = 0; number < 30; number++) {
            vault.key("key-" + number);
            vault.certificate("certificate-" + number);
        }

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 120L, "COVERED_BY_CERTIFICATE", 60L));
        assertThat(result.failures()).isEmpty();
        assertThat(bench.steps())
                .containsExactly(
                        Bench.StepCounts.completed("inventory", 180),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", 120),
                        Bench.StepCounts.completed("closing", 180),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));
        // 90 secrets are 4 pages, 60 keys 3, 30 certificates 2; all of them are listed again when the backups are made
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(18);
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(120);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(120);
        assertThat(vault.requests().count(Operation.GET)).isZero();
        assertThat(vault.requests().total()).isEqualTo(258);
        assertThat(result.summary().path("units_spent").asLong()).isEqualTo(258 + 2 * 30);
        assertThat(vault.requests().throttled()).isZero();
        assertThat(bench.blobs()).hasSize(121);
    }

    @Test
    void theStoreHoldsExactlyWhatTheServiceReturnedAndTheManifestTellsOfAllOfIt() throws Exception {
        // given
        vault.secret("plain");
        vault.secret("rotated").versions(30);
        vault.secret("off")
                .disabled()
                .expires(Instant.parse("2020-01-01T00:00:00Z"))
                .tag("team", "a");
        vault.key("key").versions(2);
        vault.certificate("site");

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");

        // then the manifest is one JSON document with every object
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode manifest = bench.manifest(result.summary().path("manifest").asString());
        assertThat(manifest.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(manifest.path("snapshot").asString())
                .isEqualTo(result.summary().path("snapshot").asString());
        assertThat(manifest.path("execution").asInt()).isEqualTo(1);
        assertThat(manifest.path("vault").asString()).isEqualTo(vault.uri().toString());
        assertThat(manifest.path("scheduledFor").asString()).isEqualTo("2026-11-24T03:00:00Z");
        assertThat(manifest.path("complete").asBoolean()).isTrue();
        assertThat(manifest.path("counts").path("BACKED_UP").asInt()).isEqualTo(5);
        Map<String, JsonNode> objects = new TreeMap<>();
        manifest.path("objects")
                .forEach(object -> objects.put(
                        object.path("kind").asString() + "/"
                                + object.path("name").asString(),
                        object));
        assertThat(objects.keySet())
                .containsExactly(
                        "certificate/site",
                        "key/key",
                        "key/site",
                        "secret/off",
                        "secret/plain",
                        "secret/rotated",
                        "secret/site");
        assertThat(requireNonNull(objects.get("secret/off"))
                        .path("token")
                        .path("enabled")
                        .asBoolean())
                .isFalse();
        assertThat(requireNonNull(objects.get("secret/off"))
                        .path("token")
                        .path("expires")
                        .asString())
                .isEqualTo("2020-01-01T00:00:00Z");
        assertThat(requireNonNull(objects.get("secret/off"))
                        .path("token")
                        .path("tags")
                        .path("team")
                        .asString())
                .isEqualTo("a");
        assertThat(requireNonNull(objects.get("secret/site")).path("outcome").asString())
                .isEqualTo("COVERED_BY_CERTIFICATE");

        // and each blob it names opens to that object with all its versions
        Map<String, byte[]> blobs = bench.blobs();
        for (EmulatedObject truth : vault.objects()) {
            JsonNode told = requireNonNull(objects.get(truth.kind() + "/" + truth.name()));
            if (truth.managed()) {
                assertThat(told.has("blob")).isFalse();
                continue;
            }
            byte[] blob = requireNonNull(blobs.get(told.path("blob").asString()));
            BackupContent content = vault.openBackup(blob);
            assertThat(content.kind()).isEqualTo(truth.kind());
            assertThat(content.name()).isEqualTo(truth.name());
            assertThat(content.versions()).isEqualTo(truth.versions());
            assertThat(told.path("size").asLong()).isEqualTo(blob.length);
            assertThat(told.path("sha256").asString())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(blob)));
            Set<String> versions = told.path("versions")
                    .valueStream()
                    .map(version -> version.path("id").asString())
                    .collect(Collectors.toSet());
            assertThat(versions).isEqualTo(Set.copyOf(truth.versions()));
        }
    }

    @Test
    void theManifestTellsWhereTheCopiesCanBeRestoredToIfTheConfigurationDoes() {
        vault.secret("app");
        bench.set("keyvault-backup.subscription", "0B1F6471-1bf0-4dda-aec3-cb9272f09590")
                .set("keyvault-backup.geography", "Europe");

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode manifest = bench.manifest(result.summary().path("manifest").asString());
        assertThat(manifest.path("subscription").asString()).isEqualTo("0b1f6471-1bf0-4dda-aec3-cb9272f09590");
        assertThat(manifest.path("geography").asString()).isEqualTo("Europe");
        assertThat(bench.run("verify", "latest").exitCode()).isZero();
        assertThat(bench.run("ls", "latest").out()).contains("0b1f6471-1bf0-4dda-aec3-cb9272f09590, Europe");
    }

    @Test
    void anEmptyVaultIsAValidEmptySnapshot() {
        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEmpty();
        JsonNode manifest = bench.manifest(result.summary().path("manifest").asString());
        assertThat(manifest.path("complete").asBoolean()).isTrue();
        assertThat(manifest.path("objects").size()).isZero();
        assertThat(bench.steps())
                .containsExactly(
                        Bench.StepCounts.completed("inventory", 0),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", 0),
                        Bench.StepCounts.completed("closing", 0),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));
    }

    @Test
    void namesWithEveryLegalCharacterAndOfTheLongestKindAreBackedUp() {
        // given
        String every = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        String longest = "x".repeat(127);
        vault.secret(every);
        vault.key(longest);
        vault.certificate(longest.replace('x', 'Y'));

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L, "COVERED_BY_CERTIFICATE", 2L));
    }

    @Test
    void onlyWhatIsSelectedIsBackedUpAndTheRestIsRecordedAsExcluded() {
        // given
        vault.secret("app-1");
        vault.secret("app-tmp");
        vault.secret("other");
        vault.key("app-1");

        // when
        Bench.Result result =
                bench.backUp(vault, "--kind", "secret", "--include", "app-*", "--exclude", "secret/*-tmp");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "EXCLUDED", 2L));
        assertThat(vault.requests().count(Operation.LIST, "key")).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void whatBelongsToACertificateThatIsNotSelectedIsExcluded() {
        vault.certificate("site");

        Bench.Result result = bench.backUp(vault, "--kind", "secret,key");

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("EXCLUDED", 2L));
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
    }

    @Test
    void versionsAreNotListedWhereThatIsSwitchedOff() {
        vault.secret("app").versions(3);

        Bench.Result result =
                bench.set("keyvault-backup.list-versions", "false").backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.VERSIONS)).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void aDryRunListsAndWritesNothing() {
        // given
        vault.secrets("app", 30);
        vault.certificate("site");

        // when
        Bench.Result result = bench.backUp(vault, "--dry-run", "--exclude", "app*1");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes().get("COVERED_BY_CERTIFICATE")).isEqualTo(2);
        assertThat(result.outcomes()).containsKeys("PENDING", "EXCLUDED");
        assertThat(result.outcomes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(33);
        assertThat(vault.requests().count(Operation.LIST))
                .isEqualTo(vault.requests().total());
        assertThat(bench.blobs()).isEmpty();
        assertThat(bench.steps()).isEmpty();
        assertThat(bench.run("runs", "--json").out()).isEmpty();
    }

    @Test
    void oneSlowObjectHoldsUpNothingElse() {
        // given one object whose backup is not answered before all others were
        vault.secrets("app", 200);
        String slow = vault.objects().getFirst().name();
        vault.faults().on(Operation.BACKUP, "secret", slow).times(1).after(() -> {
            long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (vault.requests().count(Operation.BACKUP, 200) < 199 && System.nanoTime() < giveUp) {
                Thread.onSpinWait();
            }
            answeredBefore.set(vault.requests().count(Operation.BACKUP, 200));
        });

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(answeredBefore).hasValue(199);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 200L));
        assertThat(bench.steps().get(2)).isEqualTo(Bench.StepCounts.completed("backup", 200));
    }
}
