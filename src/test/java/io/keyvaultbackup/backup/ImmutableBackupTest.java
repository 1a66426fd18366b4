package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.SigningKeys;
import io.keyvaultbackup.testservices.StorageRight;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Backups in a container that keeps versions and protects them, and what somebody with more rights does to it; seen at the stand-in only. */
class ImmutableBackupTest extends EmulatedVaultTest {

    private static final List<StorageRight> ALL = List.of(StorageRight.values());

    private final ImmutableStorage storage = new ImmutableStorage(InstantSource.system());
    private final BlobContainerClient attacker = storage.owner();

    @BeforeEach
    void storeInTheContainer(TestInfo test) {
        vault = emulator.vault(
                VaultSettings.of(test.getTestMethod().orElseThrow().getName()).withClock(SkippingTime.CLOCK));
        SigningKeys keys = SigningKeys.in(directory);
        bench.with(SkippingTime.class)
                .set("keyvault-backup.refresh-days", "0")
                .set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        as(StorageRight.ADD, StorageRight.READ);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private void as(StorageRight... rights) {
        bench.onContainer(storage.connectionString(rights), storage.container());
    }

    private Bench.Result backUp(String night, String... more) {
        SkippingTime.skip(Duration.ofMinutes(1));
        List<String> arguments = new ArrayList<>(List.of("--scheduled-for", night));
        arguments.addAll(List.of(more));
        Bench.Result result = bench.backUp(vault, arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private Bench.Result verify() {
        return bench.run(
                "verify", "--json", "--read-data", "--vault", vault.uri().toString());
    }

    private List<BlobItem> blobs() {
        return attacker
                .listBlobs(
                        new ListBlobsOptions()
                                .setDetails(new BlobListDetails()
                                        .setRetrieveVersions(true)
                                        .setRetrieveLegalHold(true)
                                        .setRetrieveImmutabilityPolicy(true)),
                        null)
                .stream()
                .toList();
    }

    private String blobOf(Bench.Result backup, String name) {
        JsonNode manifest = new JsonMapper()
                .readTree(
                        attacker.getBlobClient(backup.summary().path("manifest").asString())
                                .downloadContent()
                                .toBytes());
        return manifest.path("objects")
                .valueStream()
                .filter(object -> object.path("name").asString().equals(name))
                .map(object -> object.path("blob").asString())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachCopyManifestAndSignatureIsProtectedFromItsFirstMoment() {
        vault.secrets("app", 3);

        Bench.Result backup = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");

        Instant until = Instant.parse(backup.summary().path("immutable_until").asString());
        assertThat(Duration.between(Instant.now(), until)).isBetween(Duration.ofDays(29), Duration.ofDays(30));
        assertThat(backup.summary().path("not_protected").asString("")).isEmpty();
        assertThat(blobs())
                .hasSize(5)
                .allSatisfy(blob -> assertThat(blob.getProperties()
                                .getImmutabilityPolicy()
                                .getExpiryTime()
                                .toInstant())
                        .isEqualTo(until));
        JsonNode manifest = new JsonMapper()
                .readTree(
                        attacker.getBlobClient(backup.summary().path("manifest").asString())
                                .downloadContent()
                                .toBytes());
        assertThat(manifest.path("immutableUntil").asString()).isEqualTo(until.toString());
        assertThat(verify().exitCode()).isZero();
    }

    @Test
    void whatWasNotSealedIsNotToldAsKept() {
        // given somebody who takes the name of the manifest's signature
        vault.secret("app");
        Instant night = Instant.parse("2026-01-05T03:00:00Z");
        String signature = SnapshotNames.of(new RunRequest(
                                VaultAddress.parse(vault.uri().toString()),
                                night,
                                new Selection(EnumSet.allOf(ObjectKind.class), List.of(), List.of()),
                                false))
                        .manifest(1)
                + SnapshotNames.SIGNATURE;
        vault.faults()
                .on(Operation.BACKUP)
                .times(1)
                .after(() -> attacker.getBlobClient(signature).upload(BinaryData.fromString("taken")));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", night.toString(), "--immutable-for", "30d");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.failures()).containsEntry("the run itself", "STORE_CONFLICT");
        assertThat(result.summary().has("manifest")).isFalse();
        assertThat(result.summary().has("immutable_until")).isFalse();
    }

    @Test
    void aCopyIsProtectedAsLongAsItMayBeReferredTo() {
        vault.secret("app");
        bench.set("keyvault-backup.refresh-days", "7")
                .set("keyvault-backup.store.legal-hold", "true")
                .set("keyvault-backup.store.immutability-mode", "locked");

        Bench.Result backup = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");

        Instant until = Instant.parse(backup.summary().path("immutable_until").asString());
        BlobItem copy = blobs().stream()
                .filter(blob -> blob.getName().contains("/secret/"))
                .findFirst()
                .orElseThrow();
        assertThat(copy.getProperties().getImmutabilityPolicy().getExpiryTime().toInstant())
                .isEqualTo(until.plus(Duration.ofDays(7)));
        assertThat(copy.getProperties().getImmutabilityPolicy().getPolicyMode().toString())
                .isEqualToIgnoringCase("locked");
        assertThat(blobs())
                .allSatisfy(
                        blob -> assertThat(blob.getProperties().hasLegalHold()).isTrue());
    }

    @Test
    void aContainerThatCanNotProtectIsToldAndFailsNoRun() {
        storage.withoutImmutability();
        vault.secret("app");

        Bench.Result backup = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");

        assertThat(backup.summary().path("status").asString()).isEqualTo("COMPLETE");
        assertThat(backup.summary().path("not_protected").asString()).contains("BlobOperationNotSupported");
        JsonNode manifest = new JsonMapper()
                .readTree(
                        attacker.getBlobClient(backup.summary().path("manifest").asString())
                                .downloadContent()
                                .toBytes());
        assertThat(manifest.has("immutableUntil")).as("it promises nothing").isFalse();
        assertThat(bench.run("backup", "--vault", vault.uri().toString(), "--immutable-for", "30d")
                        .out())
                .contains("NOT PROTECTED from removal");

        // and the next night, on which nothing is put before the manifest
        SkippingTime.skip(Duration.ofHours(1));
        Bench.Result next = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");
        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(manifestOf(next).has("immutableUntil"))
                .as("nothing proves it")
                .isFalse();
        assertThat(next.summary().path("immutable_until").asString("")).isEmpty();
        assertThat(next.summary().path("not_protected").asString()).contains("BlobOperationNotSupported");
    }

    private JsonNode manifestOf(Bench.Result backup) {
        return new JsonMapper()
                .readTree(
                        attacker.getBlobClient(backup.summary().path("manifest").asString())
                                .downloadContent()
                                .toBytes());
    }

    @Test
    void aNightWithoutNewCopiesPromisesWhatItsCopiesShow() {
        vault.secret("app");
        backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");
        SkippingTime.skip(Duration.ofHours(1));

        Bench.Result next = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");

        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(manifestOf(next).path("immutableUntil").asString())
                .isNotEmpty()
                .isEqualTo(next.summary().path("immutable_until").asString());
        assertThat(next.summary().path("not_protected").asString("")).isEmpty();
    }

    @Test
    void aNightWhoseCopiesHaveNoRetentionPromisesNothing() {
        vault.secret("app");
        backUp("2026-01-05T03:00:00Z");
        SkippingTime.skip(Duration.ofHours(1));

        Bench.Result next = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");

        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(manifestOf(next).has("immutableUntil")).isFalse();
        assertThat(next.summary().path("not_protected").asString()).contains("--full");
    }

    @Test
    void aVaultWithNothingInItHasAManifestThatIsKept() {
        Bench.Result night = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");

        assertThat(night.summary().path("not_protected").asString("")).isEmpty();
        assertThat(night.summary().path("immutable_until").asString())
                .isNotEmpty()
                .isEqualTo(manifestOf(night).path("immutableUntil").asString())
                .isEqualTo(ends().getFirst().toString());
        assertThat(bench.run("backup", "--vault", vault.uri().toString(), "--immutable-for", "30d")
                        .out())
                .contains("nobody can remove it before")
                .doesNotContain("NOT PROTECTED");
    }

    @Test
    void aVaultWithNothingInItInAContainerThatCanNotProtectIsToldSo() {
        storage.withoutImmutability();

        Bench.Result night = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");

        assertThat(night.summary().path("not_protected").asString()).contains("BlobOperationNotSupported");
        assertThat(night.summary().path("immutable_until").asString("")).isEmpty();
        assertThat(manifestOf(night).has("immutableUntil")).isFalse();
        assertThat(verify().exitCode()).isZero();
    }

    @Test
    void aManifestThatIsRefusedItsRetentionPromisesNothingThoughItsCopiesAreKept() {
        // given copies that are protected, and an identity that may not ask for that any more
        vault.secret("app");
        backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");
        SkippingTime.skip(Duration.ofHours(1));
        storage.wherePolicyNeedsMoreThanAdd();

        Bench.Result next = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");

        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(manifestOf(next).has("immutableUntil")).isFalse();
        assertThat(next.summary().path("immutable_until").asString("")).isEmpty();
        assertThat(next.summary().path("not_protected").asString())
                .contains("retention until", "AuthorizationPermissionMismatch", "default retention");
        assertThat(verify().exitCode()).isZero();
    }

    @Test
    void whatTheContainersDefaultKeepsIsToldAsKeptOnAQuietNightToo() {
        // given an identity that may not ask, and a container that gives it unasked
        vault.secret("app");
        storage.wherePolicyNeedsMoreThanAdd().withDefaultPolicy(37);
        Bench.Result first = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");
        assertThat(manifestOf(first).has("immutableUntil")).isTrue();
        SkippingTime.skip(Duration.ofHours(1));

        Bench.Result next = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");

        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(next.summary().path("not_protected").asString("")).isEmpty();
        assertThat(next.summary().path("immutable_until").asString()).isNotEmpty();
        assertThat(verify().exitCode()).isZero();
    }

    @Test
    void aPromiseThatHasEndedIsNotToldAsDropped() {
        // given a run that promises two days, and is not complete
        vault.secrets("app", 2);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        SkippingTime.skip(Duration.ofMinutes(1));
        Bench.Result first = bench.backUp(vault, "--immutable-for", "2d");
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(manifestOf(first).has("immutableUntil")).isTrue();

        // when it is relaunched without, once they are over
        bench.with(ThreeDaysLater.class);
        Bench.Result without =
                bench.run("retry", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(without.exitCode()).as(without.out() + without.err()).isEqualTo(3);
        assertThat(without.summary().path("not_protected").asString("")).isEmpty();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class ThreeDaysLater {

        @Bean
        @Primary
        InstantSource threeDaysLater() {
            return () -> Instant.now().plus(Duration.ofDays(3));
        }
    }

    @Test
    void aRelaunchThatAsksForNoRetentionSaysWhatWasPromised() {
        // given a run that promises, and is not complete
        vault.secrets("app", 2);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        SkippingTime.skip(Duration.ofMinutes(1));
        Bench.Result first = bench.backUp(vault, "--immutable-for", "30d");
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        String promised = manifestOf(first).path("immutableUntil").asString();

        // when
        Bench.Result without =
                bench.run("retry", "--json", "--vault", vault.uri().toString());
        vault.faults().clear();
        Bench.Result with = bench.run(
                "retry",
                "--json",
                "--immutable-for",
                "30d",
                "--vault",
                vault.uri().toString());

        // then
        assertThat(without.summary().path("not_protected").asString())
                .contains(promised)
                .contains("--immutable-for");
        assertThat(manifestOf(without).has("immutableUntil")).isFalse();
        assertThat(with.exitCode()).as(with.out() + with.err()).isZero();
        assertThat(with.summary().path("not_protected").asString("")).isEmpty();
        assertThat(manifestOf(with).path("immutableUntil").asString()).isGreaterThanOrEqualTo(promised);
    }

    @Test
    void reusedCopiesWhoseProtectionEndsTooEarlyAreCounted() {
        vault.secrets("app", 3);
        backUp("2026-01-05T03:00:00Z", "--immutable-for", "2d");
        SkippingTime.skip(Duration.ofHours(1));
        vault.rotate("secret", "app000001");
        SkippingTime.skip(Duration.ofHours(1));

        Bench.Result second = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");

        assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 2L));
        assertThat(second.summary().path("copies_ending_early").asInt()).isEqualTo(2);

        // and nobody is told that all of it stays
        SkippingTime.skip(Duration.ofHours(1));
        String told = bench.run("backup", "--vault", vault.uri().toString(), "--immutable-for", "31d")
                .out();
        assertThat(told)
                .contains("nobody can remove what this run added before", "3 copies of earlier snapshots")
                .doesNotContain("nobody can remove it");
    }

    private Bench.Result protect(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("protect", "--json", "--vault", vault.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private List<Instant> ends() {
        return blobs().stream()
                .map(blob -> blob.getProperties()
                        .getImmutabilityPolicy()
                        .getExpiryTime()
                        .toInstant())
                .sorted()
                .toList();
    }

    @Test
    void whatEndsTooEarlyIsExtendedByAnotherIdentityAndNothingIsShortened() {
        // given two secrets whose copies end before the second snapshot does
        vault.secrets("app", 3);
        Bench.Result first = backUp("2026-01-05T03:00:00Z", "--immutable-for", "2d");
        SkippingTime.skip(Duration.ofHours(1));
        vault.rotate("secret", "app000001");
        SkippingTime.skip(Duration.ofHours(1));
        Bench.Result second = backUp("2026-01-06T03:00:00Z", "--immutable-for", "30d");
        Instant soon = Instant.parse(first.summary().path("immutable_until").asString());
        Instant late = Instant.parse(second.summary().path("immutable_until").asString());
        List<Instant> before = ends();

        // when it is counted, and when who makes backups tries it, nothing is changed
        assertThat(protect("--dry-run").summary().path("ending_early").asInt()).isEqualTo(2);
        Bench.Result refused = protect();
        assertThat(refused.exitCode()).isEqualTo(13);
        assertThat(refused.failures().values()).containsOnly("STORE_NOT_AUTHORISED");
        assertThat(ends()).isEqualTo(before);
        as(StorageRight.READ, StorageRight.SET_POLICY);
        Bench.Result extended = protect();

        // then
        assertThat(extended.exitCode()).as(extended.out() + extended.err()).isZero();
        assertThat(extended.summary().path("extended").asInt()).isEqualTo(2);
        // the copy that was rotated, the first manifest and its signature are needed by the first snapshot alone
        assertThat(ends()).containsExactly(soon, soon, soon, late, late, late, late, late);
        long requests = storage.requests().stream()
                .filter(request ->
                        "immutabilityPolicies".equals(request.query().get("comp")) && request.status() == 200)
                .count();
        assertThat(requests).isEqualTo(2);
        assertThat(protect().summary().path("ending_early").asInt())
                .as("the same again has nothing to do")
                .isZero();
    }

    @Test
    void whoeverExtendsHoldsTheVaultsLease() {
        vault.secret("app");
        backUp("2026-01-05T03:00:00Z", "--immutable-for", "2d");
        as(StorageRight.READ, StorageRight.SET_POLICY);
        BlobContainerClient leases = Azurite.shared().client(storage.container() + "-leases");
        List<BlobLeaseClient> taken = leases.listBlobs().stream()
                .map(blob -> new BlobLeaseClientBuilder()
                        .blobClient(leases.getBlobClient(blob.getName()))
                        .buildClient())
                .toList();
        taken.forEach(lease -> lease.acquireLease(60));

        Bench.Result held = protect();

        assertThat(held.exitCode()).as(held.out() + held.err()).isEqualTo(11);
        assertThat(protect("--dry-run").exitCode()).isZero();
        taken.forEach(BlobLeaseClient::releaseLease);
        assertThat(protect().exitCode()).isZero();
    }

    private void copyAllTo(ImmutableStorage other) {
        BlobContainerClient copy = other.owner();
        attacker.listBlobs(new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveMetadata(true)), null)
                .forEach(blob -> copy.getBlobClient(blob.getName())
                        .uploadWithResponse(
                                new BlobParallelUploadOptions(attacker.getBlobClient(blob.getName())
                                                .downloadContent())
                                        .setMetadata(blob.getMetadata()),
                                null,
                                null));
    }

    @Test
    void whereEverythingWasCopiedToWhatTheNamesShowIsExtendedAndWhatIsMissingIsTold() {
        vault.secrets("app", 2);
        Bench.Result backup = backUp("2026-01-05T03:00:00Z", "--immutable-for", "30d");
        String gone = blobOf(backup, "app000000");
        ImmutableStorage other = new ImmutableStorage(InstantSource.system());
        try (other) {
            copyAllTo(other);
            bench.onContainer(other.connectionString(StorageRight.READ, StorageRight.SET_POLICY), other.container());

            assertThat(protect("--dry-run").summary().path("ending_early").asInt())
                    .as("two copies, manifest and signature")
                    .isEqualTo(4);
            other.owner().getBlobClient(gone).delete();
            Bench.Result protect = protect();

            assertThat(protect.exitCode()).as(protect.out() + protect.err()).isEqualTo(3);
            assertThat(protect.failures()).containsEntry(gone, "COPY_DAMAGED").hasSize(1);
            assertThat(protect.summary().path("extended").asInt()).isEqualTo(3);
        }
    }

    @Test
    void ofACopyWithoutARecordedVersionOnlyWhatItsNameShowsCounts() {
        // given copies whose manifest tells of no versions, in a store that keeps them by now
        storage.withoutVersioning();
        vault.secrets("app", 3);
        Bench.Result backup = backUp("2026-01-05T03:00:00Z");
        SkippingTime.skip(Duration.ofHours(1));
        ImmutableStorage versioned = new ImmutableStorage(InstantSource.system());
        try (versioned) {
            copyAllTo(versioned);
            BlobContainerClient there = versioned.owner();
            String overwritten = blobOf(backup, "app000000");
            int size = (int) there.getBlobClient(overwritten).getProperties().getBlobSize();
            there.getBlobClient(overwritten).upload(BinaryData.fromBytes(new byte[size]), true);
            there.getBlobClient(blobOf(backup, "app000001")).delete();
            bench.onContainer(versioned.connectionString(StorageRight.ADD, StorageRight.READ), versioned.container());

            // when
            Bench.Result next = backUp("2026-01-06T03:00:00Z");

            // then what verify would not find is not relied on
            assertThat(next.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 1L));
            assertThat(verify().exitCode()).isZero();
        }
    }

    @Test
    void aManifestThatSomebodyMadeUpPromisesNothing() {
        vault.secret("app");
        Bench.Result backup = backUp("2026-01-05T03:00:00Z", "--immutable-for", "2d");
        String manifest = backup.summary().path("manifest").asString();
        String forged = manifest.replace(".1.json", ".2.json");
        String text = attacker.getBlobClient(manifest).downloadContent().toString();
        attacker.getBlobClient(forged)
                .upload(BinaryData.fromString(text.replace("\"execution\":1", "\"execution\":2")
                        .replaceFirst("\"immutableUntil\":\"20\\d\\d", "\"immutableUntil\":\"2400")));
        as(StorageRight.READ, StorageRight.SET_POLICY);

        Bench.Result protect = protect();

        assertThat(protect.exitCode()).isEqualTo(3);
        assertThat(protect.failures()).containsEntry(forged, "COPY_DAMAGED");
        assertThat(protect.summary().path("extended").asInt()).isZero();
    }

    @Test
    void aDirectoryIsNotSaidToProtectAnything() {
        bench.without("keyvault-backup.store.connection-string")
                .without("keyvault-backup.store.container")
                .set("keyvault-backup.store.directory", bench.store().toString());
        vault.secret("app");

        Bench.Result refused = bench.run("backup", "--vault", vault.uri().toString(), "--immutable-for", "30d");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("a directory").contains("can protect nothing");
        assertThat(protect().exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsOverwrittenOrDeletedIsRestoredFromItsVersion() throws IOException {
        // given
        vault.secrets("app", 3);
        Bench.Result backup = backUp("2026-01-05T03:00:00Z");
        String overwritten = blobOf(backup, "app000000");
        String deleted = blobOf(backup, "app000001");
        byte[] was = attacker.getBlobClient(overwritten).downloadContent().toBytes();

        // when
        attacker.getBlobClient(overwritten).upload(BinaryData.fromBytes(new byte[was.length]), true);
        attacker.getBlobClient(deleted).delete();

        // then it is told, and is no damage
        as(StorageRight.READ);
        Bench.Result verified = verify();
        assertThat(verified.exitCode()).as(verified.out()).isZero();
        assertThat(verified.lines("finding"))
                .extracting(
                        finding -> finding.path("level").asString(),
                        finding -> finding.path("problem").asString(),
                        finding -> finding.path("subject").asString())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("WARNING", "NAME_REPLACED", overwritten),
                        org.assertj.core.groups.Tuple.tuple("WARNING", "NAME_REPLACED", deleted));
        for (String name : List.of("app000000", "app000001")) {
            Path file = directory.resolve(name);
            assertThat(bench.run("export", "secret/" + name, "--out", file.toString())
                            .exitCode())
                    .isZero();
            assertThat(vault.openBackup(Files.readAllBytes(file)).revision())
                    .isEqualTo(vault.history("secret", name).getLast().revision());
        }

        // and the next run refers to it as before
        as(StorageRight.ADD, StorageRight.READ);
        assertThat(backUp("2026-01-06T03:00:00Z").outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
    }

    @Test
    void aManifestThatIsOverwrittenOrDeletedIsReadFromItsFirstVersion() {
        // given
        vault.secret("app");
        Bench.Result first = backUp("2026-01-05T03:00:00Z");
        SkippingTime.skip(Duration.ofHours(1));
        vault.rotate("secret", "app");
        SkippingTime.skip(Duration.ofHours(1));
        Bench.Result second = backUp("2026-01-06T03:00:00Z");
        String overwritten = first.summary().path("manifest").asString();
        String deleted = second.summary().path("manifest").asString();

        // when
        attacker.getBlobClient(overwritten).upload(BinaryData.fromString("{}"), true);
        attacker.getBlobClient(overwritten + ".jws").upload(BinaryData.fromString("none"), true);
        attacker.getBlobClient(deleted).delete();
        attacker.getBlobClient(deleted + ".jws").delete();

        // then
        Bench.Result snapshots =
                bench.run("snapshots", "--json", "--vault", vault.uri().toString());
        assertThat(snapshots.out())
                .contains(
                        first.summary().path("snapshot").asString(),
                        second.summary().path("snapshot").asString());
        Bench.Result verified = verify();
        assertThat(verified.exitCode()).as(verified.out()).isZero();
        assertThat(verified.summary().path("snapshot").asString())
                .isEqualTo(second.summary().path("snapshot").asString());
        assertThat(verified.lines("finding"))
                .allSatisfy(finding ->
                        assertThat(finding.path("problem").asString()).isEqualTo("NAME_REPLACED"))
                .extracting(finding -> finding.path("subject").asString())
                .containsExactlyInAnyOrder(overwritten, deleted);

        // and the next run is built on it and follows it in the chain
        Bench.Result third = backUp("2026-01-07T03:00:00Z");
        assertThat(third.outcomes()).isEqualTo(Map.of("UNCHANGED", 1L));
        assertThat(third.summary().path("builds_on").path(0).asString()).isEqualTo(deleted);
        assertThat(verify().exitCode()).isZero();
    }

    @Test
    void aCopyOfWhichNoVersionIsLeftIsMissing() {
        vault.secrets("app", 2);
        Bench.Result backup = backUp("2026-01-05T03:00:00Z");
        String gone = blobOf(backup, "app000000");
        String version = attacker.getBlobClient(gone).getProperties().getVersionId();
        attacker.getBlobClient(gone).delete();
        attacker.getBlobClient(gone)
                .getVersionClient(Objects.requireNonNull(version))
                .delete();

        Bench.Result verified = verify();

        assertThat(verified.exitCode()).isEqualTo(4);
        assertThat(verified.lines("finding").getFirst().path("problem").asString())
                .isEqualTo("COPY_MISSING");
        assertThat(backUp("2026-01-06T03:00:00Z").outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 1L));
    }

    @Test
    void aStoreToWhichAllWasCopiedIsWholeThough() {
        vault.secrets("app", 2);
        Bench.Result backup = backUp("2026-01-05T03:00:00Z");
        ImmutableStorage other = new ImmutableStorage(InstantSource.system());
        try (other) {
            SkippingTime.skip(Duration.ofHours(1));
            BlobContainerClient copy = other.client(ALL.toArray(StorageRight[]::new));
            blobs().forEach(blob -> copy.getBlobClient(blob.getName())
                    .upload(attacker.getBlobClient(blob.getName()).downloadContent()));
            bench.onContainer(other.connectionString(StorageRight.READ), other.container());

            Bench.Result verified = verify();

            assertThat(verified.exitCode()).as(verified.out()).isZero();
            assertThat(verified.lines("finding"))
                    .extracting(finding -> finding.path("problem").asString())
                    .containsExactly("OTHER_VERSIONS");
            assertThat(backup.exitCode()).isZero();
        }
    }
}
