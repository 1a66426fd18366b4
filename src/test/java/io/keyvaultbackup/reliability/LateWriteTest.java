package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A process that was out for so long that another took its lease does no harm when it comes back. */
class LateWriteTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @Test
    void whatAProcessWritesAfterItLostItsLeaseIsAnOrphanAndNeverPartOfTheSnapshot() throws Exception {
        // given a process that the machine stops in the middle of a call, as a node does that is paged out or migrated
        vault = emulator.vault(VaultSettings.of("late").withLatency(Duration.ofMillis(20)));
        vault.secrets("app", 100);
        bench.set("keyvault-backup.threads", "4")
                .set("keyvault-backup.chunk", "8")
                .set("keyvault-backup.store.lease", "2s");
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(answer);
        });
        OwnProcess.Running late = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        inTheMiddle.await();
        do { // at a moment at which it does not hold a file's lock, for which the other would wait
            signal("CONT", late.process().pid());
            signal("STOP", late.process().pid());
        } while (holdsALock());

        // and another one that takes the lease when it has ended, with a database of its own, and finishes the run
        Bench other = bench.set(
                "keyvault-backup.data-directory",
                directory.resolve("other-data").toString());
        Bench.Result finished;
        do {
            finished = other.backUp(vault, "--scheduled-for", NIGHT);
        } while (finished.exitCode() == 11);
        assertThat(finished.exitCode()).as(finished.out() + finished.err()).isZero();
        assertThat(finished.outcomes()).isEqualTo(Map.of("BACKED_UP", 100L));

        // when the first comes back and gets its answer
        answer.countDown();
        signal("CONT", late.process().pid());
        Bench.Result ended = late.await();

        // then it says why it ended, and nothing of what it wrote late, which the store has, is in the snapshot
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).contains("the lease of").contains("is lost");
        assertThat(bench.blobs().keySet())
                .filteredOn(name -> name.contains("app000040."))
                .satisfiesExactlyInAnyOrder(
                        late40 -> assertThat(late40).endsWith("/app000040.1"),
                        other40 -> assertThat(other40).endsWith("/app000040.2"));
        assertThat(bench.blobs().keySet())
                .filteredOn(name -> name.contains("/manifests/"))
                .containsExactly(finished.summary().path("manifest").asString());
        List<String> ofTheSnapshot = new ArrayList<>();
        for (JsonNode object :
                bench.manifest(finished.summary().path("manifest").asString()).path("objects")) {
            ofTheSnapshot.add(object.path("blob").asString());
        }
        assertThat(ofTheSnapshot)
                .hasSize(100)
                .noneMatch(name -> name.endsWith("/app000040.1"))
                .anyMatch(name -> name.endsWith("/app000040.2"));
        Agreement.of(other, vault, NIGHT).assertHolds();
    }

    private boolean holdsALock() throws IOException {
        try (Stream<Path> locks = Files.list(bench.store().resolve(".locks"))) {
            for (Path file : locks.toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                        FileLock lock = channel.tryLock()) {
                    if (lock == null) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
