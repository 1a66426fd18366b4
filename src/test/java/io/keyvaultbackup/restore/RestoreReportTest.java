package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Manifests;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RestoreReportTest {

    private static final int OBJECTS = 5_000;

    /** What streams hold back: a report of 100,000 objects that was built in memory ended a restore in a pod of 256 MiB, which had restored them all. */
    private static final long HELD_BACK = 32 << 10;

    @Test
    void aReportOfManyObjectsIsOnTheDiskAndNotInMemory() throws IOException {
        // given
        List<LedgerObject> objects = Manifests.objects(new Random(1), OBJECTS);
        Path json;
        Path text;

        // when
        try (RestoreReport report = new RestoreReport(head())) {
            json = report.json();
            text = report.text();
            objects.forEach(object -> report.add(RestoreRow.of(object, RestoreOutcome.RESTORED, null)));
            long jsonBefore = Files.size(json);
            long textBefore = Files.size(text);
            report.end();

            // then
            assertThat(Files.size(json)).isGreaterThan(4 * HELD_BACK).isLessThan(jsonBefore + HELD_BACK);
            assertThat(Files.size(text)).isGreaterThan(4 * HELD_BACK).isLessThan(textBefore + HELD_BACK);
            assertThat(new JsonMapper().readTree(json.toFile()).path("objects")).hasSize(OBJECTS);
            assertThat(Files.readString(text)).endsWith("Took 2.0 s.%n".formatted());
        }
        assertThat(json).doesNotExist();
        assertThat(text).doesNotExist();
    }

    /** As where the disk is full. */
    @Test
    void whatIsNotEndedIsGoneAllTheSame() throws IOException {
        RestoreReport report = new RestoreReport(head());

        report.close();

        assertThat(report.json()).doesNotExist();
        assertThat(report.text()).doesNotExist();
    }

    private static RestoreReport.Head head() {
        Instant begun = Instant.parse("2026-11-28T01:00:00Z");
        StoredManifest manifest = new StoredManifest("manifest", 1, 1, true, null, null, false, null);
        StoredSnapshot snapshot =
                new StoredSnapshot("team-a", new SnapshotId("20261128T000000Z-abcdef"), List.of(manifest));
        RestoreRequest request = new RestoreRequest(
                snapshot,
                VaultAddress.parse("https://team-b.vault.azure.net"),
                Selection.everything(),
                RestoreRequest.OnConflict.FAIL,
                false);
        return new RestoreReport.Head(
                "restore",
                "id",
                1,
                request,
                "sha256",
                RestoreStatus.COMPLETE,
                begun,
                begun.plusSeconds(2),
                Map.of(RestoreOutcome.RESTORED, (long) OBJECTS),
                0,
                List.of(),
                Map.of());
    }
}
