package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A seal says of no copy that it is there unless it looked. */
class SealTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.set("keyvault-backup.threads", "1")
                .set("keyvault-backup.chunk", "1")
                .with(FastTime.class);
    }

    @Test
    void aCopyThatIsGoneBeforeTheSealIsPendingAgainAndMadeAnew() {
        // given somebody who deletes a copy while the run goes on
        vault.secrets("app", 10);
        vault.faults().on(Operation.BACKUP, "secret", "app000009").times(1).before(() -> delete("app000002.1"));

        // when
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", 9L, "PENDING", 1L));
        assertThat(first.failures()).isEqualTo(Map.of("the run itself", "BLOB_MISSING"));
        assertThat(first.lines("error").getFirst().path("message").asString())
                .contains("of the copies that were written or taken over, 1 are no longer in the store");
        assertThat(first.summary().has("consistent_as_of")).isFalse();
        assertThat(bench.manifest(first.summary().path("manifest").asString()).has("consistentAsOf"))
                .isFalse();

        // and
        vault.requests().reset();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000002"))
                .isEqualTo(1);
    }

    @Test
    void aCopyThatIsGoneAfterAnIncompleteSealIsMissedByTheNext() {
        // given an incomplete run, one of whose copies is deleted before the relaunch
        vault.secrets("app", 10);
        vault.certificate("site");
        vault.faults().on(Operation.BACKUP, "secret", "app000005").times(1).forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(3);
        delete("site.1");

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then what the certificate covered is not reported as done either
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isEqualTo(3);
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L, "PENDING", 1L, "FAILED", 2L));
        assertThat(relaunch.failures()).containsEntry("the run itself", "BLOB_MISSING");

        // and
        Bench.Result last = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(last.exitCode()).as(last.out() + last.err()).isZero();
        assertThat(last.outcomes()).isEqualTo(Map.of("BACKED_UP", 11L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(bench.blobs().keySet()).anyMatch(name -> name.endsWith("/certificate/site.3"));
    }

    @Test
    void aCopyThatWasCutOffIsNotTakenOverByTheRelaunch() {
        // given somebody who damages a copy while the run goes on
        vault.secrets("app", 10);
        vault.faults().on(Operation.BACKUP, "secret", "app000009").times(1).before(() -> cutOff("app000002.1"));
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.failures()).isEqualTo(Map.of("the run itself", "BLOB_MISSING"));

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then it is made anew
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000002"))
                .isEqualTo(2);
        byte[] copy = bench.blobs().entrySet().stream()
                .filter(blob -> blob.getKey().endsWith("/app000002.2"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(vault.openBackup(copy).name()).isEqualTo("app000002");
    }

    private void cutOff(String ending) {
        try (Stream<Path> files = Files.walk(bench.store())) {
            for (Path file : files.filter(file -> file.getFileName().toString().equals(ending))
                    .toList()) {
                byte[] whole = Files.readAllBytes(file);
                assertThat(file.toFile().setWritable(true)).isTrue();
                Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void delete(String ending) {
        try (Stream<Path> files = Files.walk(bench.store())) {
            for (Path file : files.filter(file -> file.getFileName().toString().equals(ending)
                            || file.getFileName().toString().equals(ending + ".meta"))
                    .toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
