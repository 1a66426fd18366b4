package io.keyvaultbackup.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.util.BinaryData;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.StorageRight;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the doctor tells of a container's protection, and of what a stolen identity could destroy; seen at the stand-in only. */
class StoreProtectionTest extends EmulatedVaultTest {

    private final Map<String, String> remedies = new TreeMap<>();
    private final ImmutableStorage storage = new ImmutableStorage(InstantSource.system());

    @BeforeEach
    void fillTheContainer() {
        vault.secret("app");
        storage.owner().getBlobClient("v/copy").upload(BinaryData.fromString("of somebody"));
        bench.set("keyvault-backup.store.immutable-for", "30d");
    }

    @AfterEach
    void close() {
        storage.close();
    }

    /** Each finding of the store, by what was looked at: its level, and what was seen. */
    private Map<String, String> examine(StorageRight... rights) {
        bench.onContainer(storage.connectionString(rights), storage.container());
        Bench.Result result =
                bench.run("doctor", "--json", "--vault", vault.uri().toString());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        Map<String, String> findings = new TreeMap<>();
        for (JsonNode line : result.lines("check")) {
            if (line.path("subject").asString().startsWith("store ")) {
                findings.put(
                        line.path("check").asString(),
                        line.path("level").asString() + ": "
                                + line.path("message").asString());
            }
        }
        result.lines("check")
                .forEach(line -> remedies.put(
                        line.path("check").asString(), line.path("remedy").asString("")));
        assertThat(storage.owner().getBlobClient("v/copy").downloadContent().toString())
                .as("only what the doctor itself added is touched")
                .isEqualTo("of somebody");
        return findings;
    }

    @Test
    void aStolenIdentityThatMayOnlyAddDestroysNothing() {
        Map<String, String> findings = examine(StorageRight.ADD, StorageRight.READ);

        assertThat(findings.get("stolen")).startsWith("ok").contains("can destroy no copy");
        assertThat(findings.get("versioning")).startsWith("ok");
        assertThat(findings.get("retention")).startsWith("ok").contains("mode unlocked");
        assertThat(findings.get("protection")).startsWith("warning").contains("cannot be told with this identity");
        assertThat(findings.get("soft delete")).startsWith("warning").contains("cannot be told with this identity");
    }

    @Test
    void aProbeThatFailedForAnotherReasonIsNotSaidToBeForbidden() {
        storage.refusing(
                400,
                "OutOfRangeInput",
                request -> request.method().equals("DELETE") && request.query().containsKey("versionid"));

        assertThat(examine(StorageRight.ADD, StorageRight.READ).get("stolen"))
                .startsWith("warning")
                .contains("is not known")
                .contains("whether it may delete versions");
    }

    @Test
    void aLegalHoldIsNotTriedAndThatIsSaid() {
        bench.without("keyvault-backup.store.immutable-for").set("keyvault-backup.store.legal-hold", "true");

        assertThat(examine(StorageRight.ADD, StorageRight.READ).get("retention"))
                .startsWith("warning")
                .contains("whether a legal hold is, was not tried");
        assertThat(storage.owner().listBlobs().stream()
                        .map(blob ->
                                storage.owner().getBlobClient(blob.getName()).getProperties())
                        .filter(blob -> Boolean.TRUE.equals(blob.hasLegalHold())))
                .as("what the doctor added can be removed")
                .isEmpty();
    }

    @Test
    void whoMayOverwriteAndDeleteOnlyHidesWhereVersionsAreKept() {
        assertThat(examine(StorageRight.WRITE, StorageRight.READ, StorageRight.DELETE)
                        .get("stolen"))
                .startsWith("warning")
                .contains("hide every copy, not destroy it");
    }

    @Test
    void whoMayOverwriteDestroysEverythingWhereNoVersionsAreKept() {
        storage.withoutVersioning();

        Map<String, String> findings = examine(StorageRight.WRITE, StorageRight.READ);

        assertThat(findings.get("stolen")).startsWith("warning").contains("destroy every copy: it may overwrite");
        assertThat(findings.get("versioning")).startsWith("warning").contains("keeps no versions");
        assertThat(findings.get("retention")).startsWith("warning").contains("will not be protected as configured");
    }

    @Test
    void whoMayDeleteVersionsDestroysWhatNoRetentionProtects() {
        assertThat(examine(StorageRight.WRITE, StorageRight.READ, StorageRight.DELETE, StorageRight.DELETE_VERSION)
                        .get("stolen"))
                .startsWith("warning")
                .contains("destroy every copy that no retention or legal hold protects");
    }

    @Test
    void whoMayDoEverythingDestroysWhatIsNotLockedAndIsToldAllOfTheAccount() {
        storage.withSoftDelete();

        Map<String, String> findings = examine(StorageRight.values());

        assertThat(findings.get("stolen")).startsWith("warning").contains("every copy that has no locked retention");
        assertThat(findings.get("soft delete")).startsWith("ok").contains("14 days");
        assertThat(findings.get("protection")).startsWith("ok").contains("no public access");
    }

    @Test
    void aContainerThatAnybodyMayReadIsNamedWithWhatEndsThat() {
        storage.lettingAnybodyRead();

        assertThat(examine(StorageRight.values()).get("protection"))
                .isEqualTo("warning: the container lets anybody read (container)");
        assertThat(remedies.get("protection")).contains("az storage container set-permission", "--public-access off");
    }

    @Test
    void aContainerThatAnybodyMayReadAndDeleteFromIsNamedForBoth() {
        storage.lettingAnybodyRead().withoutImmutability();

        assertThat(examine(StorageRight.values()).get("protection"))
                .isEqualTo(
                        "warning: the container lets anybody read (container), and has no immutability: who may delete blobs can delete the copies");
        assertThat(remedies.get("protection"))
                .contains("az storage container set-permission", "--public-access off")
                .contains("versioning, soft delete, and version-level immutability");
    }

    @Test
    void aContainerWithoutImmutabilityIsNamedWithWhatCanBeDeleted() {
        storage.withoutImmutability();

        assertThat(examine(StorageRight.values()).get("protection"))
                .isEqualTo("warning: the container has no immutability: who may delete blobs can delete the copies");
        assertThat(remedies.get("protection")).contains("versioning, soft delete, and version-level immutability");
    }

    @Test
    void anAccountWithoutSoftDeleteIsNamedWithWhatTurnsItOn() {
        assertThat(examine(StorageRight.values()).get("soft delete"))
                .isEqualTo("warning: what is deleted is gone at once");
        assertThat(remedies.get("soft delete")).contains("--enable-delete-retention true --delete-retention-days 14");
    }
}
