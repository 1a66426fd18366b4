package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One object out of a snapshot into a file, and out of a file into a vault. */
class SingleFileTest extends EmulatedVaultTest {

    private EmulatedVault target;

    @BeforeEach
    void makeTarget() {
        target = emulator.vault("target");
        bench.with(SkippingTime.class);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(file("given.backup"), content);
    }

    private Bench.Result restore(Path file, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "restore", "--file", file.toString(), "--to", target.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private Bench.Result export(String object, Path out, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "export",
                object,
                "--out",
                out.toString(),
                "--vault",
                vault.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result, String... said) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        for (String words : said) {
            assertThat(result.out() + result.err()).contains(words);
        }
        assertThat(result.out() + result.err()).doesNotContain("\tat ");
        return result;
    }

    private byte[] plainBackup(String kind, String name) {
        return PlainClients.of(emulator, vault).backup(kind, name);
    }

    private static EmulatedObject object(EmulatedVault vault, String kind, String name) {
        return vault.object(kind, name).orElseThrow();
    }

    private void assertIsInTheTarget(String kind, String name) {
        EmulatedObject original = object(vault, kind, name);
        EmulatedObject restored = object(target, kind, name);
        assertThat(restored.versions()).isEqualTo(original.versions());
        assertThat(restored.enabled()).isEqualTo(original.enabled());
        assertThat(restored.expires()).isEqualTo(original.expires());
        assertThat(restored.tags()).isEqualTo(original.tags());
        assertThat(restored.managed()).isEqualTo(original.managed());
    }

    private void makeOneOf(String kind) {
        switch (kind) {
            case "secret" -> vault.secret("one").versions(3).disabled().tag("team", "a");
            case "key" -> vault.key("one").versions(2);
            default -> vault.certificate("one").versions(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"secret, 3 versions", "key, 2 versions", "certificate, 2 versions"})
    void whatWasExportedIsRestoredWithAllItsVersions(String kind, String versions) throws Exception {
        // given
        makeOneOf(kind);
        assertEnds(0, bench.backUp(vault));
        vault.requests().reset();

        // when
        Bench.Result exported = export(kind + "/one", file("one.backup"));
        Bench.Result restored = restore(file("one.backup"), "--kind", kind);

        // then the vault was not asked for the export
        assertEnds(0, exported, kind + "/one as of snapshot ", " bytes in ", "--kind " + kind + " --to VAULT");
        assertThat(vault.requests().total()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("one.backup"))))
                .isEqualTo("rw-------");
        assertEnds(0, restored, "Restored " + kind + "/one into " + target.uri() + ", with " + versions);
        assertIsInTheTarget(kind, "one");
        assertThat(target.requests().count(Operation.RESTORE, 200)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "key", "certificate"})
    void anExportIsRestoredByThePlainSdk(String kind) throws Exception {
        makeOneOf(kind);
        assertEnds(0, bench.backUp(vault));
        Bench.Result exported =
                assertEnds(0, export(kind + "/one", file("one.backup"), "--snapshot", "latest", "--json"));

        assertThat(PlainClients.of(emulator, target).restore(kind, Files.readAllBytes(file("one.backup"))))
                .isEqualTo("one");

        assertIsInTheTarget(kind, "one");
        assertThat(exported.summary().path("object").asString()).isEqualTo(kind + "/one");
        assertThat(exported.summary().path("size").asLong()).isEqualTo(Files.size(file("one.backup")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "key", "certificate"})
    void aFileOfAzIsRestored(String kind) throws Exception {
        // given what az writes: the bytes
        makeOneOf(kind);
        Path file = written(plainBackup(kind, "one"));

        // when
        Bench.Result restored = restore(file, "--kind", kind, "--json");

        // then
        assertEnds(0, restored);
        assertIsInTheTarget(kind, "one");
        assertThat(restored.summary().path("object").asString()).isEqualTo(kind + "/one");
        assertThat(restored.summary().path("versions").asInt())
                .isEqualTo(object(vault, kind, "one").versions().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "key"})
    void base64urlTextIsRecognisedAndNeedsNoKind(String kind) throws Exception {
        // given
        makeOneOf(kind);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(plainBackup(kind, "one"));

        // when, with a line's end as an editor leaves it
        assertEnds(0, restore(written((text + "\n").getBytes(StandardCharsets.US_ASCII))));

        // then
        assertIsInTheTarget(kind, "one");
    }

    @Test
    void whatIsNoBackupOrAnotherKindsIsNotSent() throws Exception {
        makeOneOf("secret");
        byte[] backup = plainBackup("secret", "one");

        assertEnds(2, restore(written(backup), "--kind", "key"), "is the backup of a secret, not of a key (--kind)");
        assertEnds(2, restore(written(backup), "--kind", "certificate"), "is the backup of a secret");
        assertEnds(2, restore(written(backup), "--kind", "keys"), "--kind: 'keys' is not a kind of object");
        assertEnds(
                2,
                restore(written("hello there".getBytes(StandardCharsets.US_ASCII))),
                "is not the backup of a secret or a key as far as those are known");
        assertEnds(2, restore(written(new byte[0])), "holds nothing");
        assertEnds(2, restore(file("nowhere.backup")), "there is no ");
        assertEnds(2, restore(directory), "can not be read");
        assertEnds(4, restore(written(Arrays.copyOf(backup, 60))), "cut off or damaged");
        assertEnds(2, bench.run("restore", "--file", "x", "--to", "https://hsm.managedhsm.azure.net"), "Managed HSM");
        assertEnds(2, bench.run("restore", "--file", "x", "--to", "http://team-a.vault.azure.net"), "--to: ");
        assertThat(target.requests().total()).isZero();
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() throws Exception {
        // given
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target.secret("one");
        List<String> before = object(target, "secret", "one").versions();

        // when
        Bench.Result refused = restore(file);

        // then in the service's words, once
        assertEnds(1, refused, "409 Conflict: There was a conflict restoring the secret 'one'", "Nothing was changed");
        assertThat(refused.err()).doesNotContain("was lost");
        assertThat(object(target, "secret", "one").versions()).isEqualTo(before);
        assertThat(target.requests().count(Operation.RESTORE, 409)).isEqualTo(1);
    }

    @Test
    void aDeletedObjectOfTheNameIsTold() throws Exception {
        makeOneOf("key");
        Path file = written(plainBackup("key", "one"));
        target.key("one");
        target.delete("key", "one");

        assertEnds(1, restore(file), "ObjectIsDeletedButRecoverable", "Recover it (az keyvault", "purge");

        assertThat(target.requests().count(Operation.RESTORE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "certificate"})
    void theSecondsAfterAPurgeAreWaitedOut(String kind) throws Exception {
        // given
        makeOneOf(kind);
        Path file = written(plainBackup(kind, "one"));
        target = emulator.vault(
                VaultSettings.of("purged").withClock(SkippingTime.CLOCK).withPurgePause(Duration.ofSeconds(5)));
        target.make(kind, "one");
        target.delete(kind, "one");
        target.purge(kind, "one");

        // when
        assertEnds(0, restore(file, "--kind", kind), "Restored " + kind + "/one");

        // then
        assertIsInTheTarget(kind, "one");
        assertThat(target.requests().count(Operation.RESTORE, 409)).isBetween(1L, 4L);
    }

    @Test
    void aRestoreWhoseAnswerWasLostIsNotToldAsAConflictAlone() throws Exception {
        // given
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target.faults().on(Operation.RESTORE).times(1).loseAnswer();

        // when
        Bench.Result result = restore(file);

        // then it is there, and that it may be is said
        assertEnds(1, result, "conflict restoring the secret 'one'", "The answer to a try of this restore was lost");
        assertThat(result.err()).contains("look at the object in the vault").doesNotContain("Nothing was changed");
        assertIsInTheTarget("secret", "one");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 500})
    void anotherSubscriptionIsExplainedWhateverItsStatus(int status) throws Exception {
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target = emulator.vault(VaultSettings.of("foreign")
                .withSubscription("00000000-0000-0000-0000-000000000002")
                .withForeignBlobStatus(status));

        assertEnds(1, restore(file), "Cannot decrypt backup blob", "of the subscription and of the geography");

        assertThat(target.requests().count(Operation.RESTORE, status)).isEqualTo(1);
    }

    @Test
    void bytesThatTheServiceCanNotReadAreToldFromAConflict() throws Exception {
        makeOneOf("certificate");
        byte[] backup = plainBackup("certificate", "one");
        backup[0] = 3;

        assertEnds(
                1,
                restore(written(backup), "--kind", "certificate"),
                "400 BadParameter: Backup blob contains invalid or corrupt version.",
                "verify --read-data");
    }

    @Test
    void aBusyVaultIsLeftAloneForAsLongAsItAsks() throws Exception {
        // given
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target.faults().on(Operation.RESTORE).times(2).throttle(Duration.ofSeconds(7));
        Instant before = SkippingTime.CLOCK.instant();

        // when
        assertEnds(0, restore(file), "Restored secret/one");

        // then
        assertThat(target.requests().count(Operation.RESTORE, 429)).isEqualTo(2);
        assertThat(Duration.between(before, SkippingTime.CLOCK.instant())).isGreaterThan(Duration.ofSeconds(14));
    }

    @Test
    void aLookThatFailsIsRepeatedWithTheRestore() throws Exception {
        // given a name that was just purged, and a service that is not there when it is asked who has it
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target = emulator.vault(VaultSettings.of("purged-and-busy")
                .withClock(SkippingTime.CLOCK)
                .withPurgePause(Duration.ofSeconds(5)));
        target.make("secret", "one");
        target.delete("secret", "one");
        target.purge("secret", "one");
        target.faults().on(Operation.VERSIONS).times(1).answer(503);

        // when
        assertEnds(0, restore(file), "Restored secret/one");

        // then
        assertIsInTheTarget("secret", "one");
    }

    @Test
    void neitherStoreNorDatabaseIsNeeded() throws Exception {
        // given
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        bench.without("keyvault-backup.store.directory");

        // when
        assertEnds(0, restore(file));

        // then
        assertThat(directory.resolve("data")).doesNotExist();
        bench.set("keyvault-backup.azure.cloud", "germany");
        assertEnds(2, restore(file), "keyvault-backup.azure.cloud: 'germany' is not one of");
    }

    @Test
    void anotherObjectsCopyIsNotExported() throws Exception {
        // given a manifest, with no signature, that was changed to name another's copy
        vault.secret("one");
        vault.key("two");
        assertEnds(0, bench.backUp(vault));
        Path manifest = bench.store()
                .resolve(bench.blobs().keySet().stream()
                        .filter(name -> name.contains("/manifests/"))
                        .findFirst()
                        .orElseThrow());
        String text = Files.readString(manifest);
        Files.delete(manifest);
        Files.writeString(manifest, text.replace("/secret/one.1", "/key/two.1"));
        Files.deleteIfExists(manifest.resolveSibling(manifest.getFileName() + ".meta"));

        // when, then
        assertEnds(4, export("secret/one", file("a")), "no possible copy of secret/one");
        Files.delete(manifest);
        Files.writeString(manifest, text.replace("/secret/one.1", "/../../secret/one.1"));
        assertEnds(4, export("secret/one", file("a")), "no possible copy of secret/one");
        assertThat(file("a")).doesNotExist();
    }

    @Test
    void aMissingPermissionNamesTheRole() throws Exception {
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target.faults().on(Operation.RESTORE).always().forbid("ForbiddenByRbac");

        assertEnds(13, restore(file), "ForbiddenByRbac", "config/azure/restore-role.json");
    }

    @Test
    void whoMayNotLookHasRestoredAllTheSame() throws Exception {
        makeOneOf("secret");
        Path file = written(plainBackup("secret", "one"));
        target.faults().on(Operation.VERSIONS).always().forbid("ForbiddenByRbac");

        assertEnds(0, restore(file), "its versions could not be looked at");

        assertIsInTheTarget("secret", "one");
    }

    @Test
    void whatHasNoCopyIsNotExported() throws Exception {
        vault.certificate("site");
        vault.secret("left-out");
        assertEnds(0, bench.backUp(vault, "--exclude", "left-out"));

        assertEnds(10, export("secret/site", file("a")), "is part of the certificate", "export certificate/site");
        assertEnds(10, export("secret/left-out", file("a")), "has no copy of secret/left-out: it is EXCLUDED");
        assertEnds(10, export("secret/other", file("a")), "has no secret/other", "keyvault-backup find other");
        assertEnds(10, export("secret/site", file("a"), "--snapshot", "@2020-01-01"), "There is no snapshot");
        assertEnds(2, export("site", file("a")), "OBJECT: 'site' is not an object's kind and name");
        assertEnds(2, export("potato/site", file("a")), "OBJECT: 'potato/site'");
        assertThat(file("a")).doesNotExist();
    }

    @Test
    void noFileIsWrittenOverOrWhereNoneCanBe() throws Exception {
        makeOneOf("secret");
        assertEnds(0, bench.backUp(vault));
        Path there = Files.writeString(file("there"), "mine");

        assertEnds(2, export("secret/one", there), "is there already, and is left alone");
        assertEnds(2, export("secret/one", file("no").resolve("such")), "can not be made: there is no such directory");

        assertThat(there).hasContent("mine");
    }

    @Test
    void aDamagedCopyIsNotExported() throws Exception {
        // given
        makeOneOf("secret");
        assertEnds(0, bench.backUp(vault));
        Path copy = bench.store()
                .resolve(bench.blobs().keySet().stream()
                        .filter(name -> name.contains("/secret/one."))
                        .findFirst()
                        .orElseThrow());
        byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length - 1] ^= 1;
        Files.delete(copy);
        Files.write(copy, bytes);

        // when, then
        assertEnds(4, export("secret/one", file("a")), "is not as it was written", "keyvault-backup find one");
        Files.delete(copy);
        assertEnds(4, export("secret/one", file("a")), "The copy of secret/one is missing");
        assertThat(file("a")).doesNotExist();
    }

    @Test
    void whereASignatureIsAskedForNothingIsTakenFromAManifestWithoutOne() throws Exception {
        makeOneOf("secret");
        assertEnds(0, bench.backUp(vault));
        SigningKeys keys = SigningKeys.in(directory);
        bench.set("keyvault-backup.signature.public-key-file", keys.publicFile().toString());

        assertEnds(4, export("secret/one", file("a")), "Nothing is taken from snapshot", "it has no signature");

        assertThat(file("a")).doesNotExist();
    }
}
