package io.keyvaultbackup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keyvaultbackup.emulator.MutableClock;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.LeasesContract;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLeasesTest extends LeasesContract {

    private static final Duration LIFETIME = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();

    @Override
    protected Leases leases() {
        return new DirectoryLeases(root(), LIFETIME, clock);
    }

    @Override
    protected void end(String vault) {
        clock.advance(LIFETIME);
    }

    @Override
    protected void damage(String vault, String text) {
        try {
            Files.writeString(note(vault), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void lastAsLongAsTheyAreRenewed() {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        clock.advance(LIFETIME.minusMillis(1));
        lease.renew();
        clock.advance(LIFETIME.minusMillis(1));

        assertThatExceptionOfType(LeaseHeldException.class)
                .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-2", 1))
                .withMessageEndingWith("lease until 2026-11-24T03:01:59.999Z");
    }

    @Test
    void areRenewedLateIfNobodyTookThem() {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        clock.advance(LIFETIME.multipliedBy(3));

        lease.renew();

        assertThatExceptionOfType(LeaseHeldException.class)
                .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-2", 1));
    }

    @Test
    void tellWhoTookThem() {
        Lease lost = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        end(VAULT);
        leases().acquire(VAULT, SNAPSHOT, "host-2 (process 9)", 1);

        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(lost::renew)
                .withMessageContaining("host-2 (process 9), run " + SNAPSHOT + ", execution 2, lease until");
    }

    @Test
    void areNoBlobs() {
        DirectoryStore store = new DirectoryStore(root());
        store.put(VAULT + "/" + SNAPSHOT + "/secret/a.1", BlobContent.of(new byte[0]), Map.of());
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1);

        try (Stream<StoredBlob> blobs = store.list("")) {
            assertThat(blobs.map(StoredBlob::name)).containsExactly(VAULT + "/" + SNAPSHOT + "/secret/a.1");
        }
    }

    @Test
    void writeOverWhatACrashLeft() throws IOException {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        Files.writeString(note("." + VAULT + ".tmp"), "{\"holder\":{\"own");

        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1)) {
            assertThat(lease.execution()).isEqualTo(2);
        }
        assertThat(note("." + VAULT + ".tmp")).doesNotExist();
    }

    @Test
    void areMadeAnewOnceADamagedNoteIsDeleted() throws IOException {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        damage(VAULT, "garbage");

        Files.delete(note(VAULT));

        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 5)) {
            assertThat(lease.execution()).isEqualTo(5);
        }
    }

    @Test
    void sayThatTheStoreIsNotThere() {
        Leases nowhere = new DirectoryLeases(directory.resolve("missing/store"), LIFETIME, clock);

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> nowhere.acquire(VAULT, SNAPSHOT, OWNER, 1))
                .satisfies(thrown -> assertThat(thrown.failure().reason()).isEqualTo(FailureReason.STORE_NOT_FOUND));
    }

    @Test
    void areGivenBackWithoutAWordWhereTheStoreIsGone() throws IOException {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        Files.move(root(), directory.resolve("moved"));
        Files.writeString(root(), "in its place");

        assertThatCode(lease::close).doesNotThrowAnyException();
        assertThatExceptionOfType(StoreException.class).isThrownBy(lease::renew);
    }

    @Test
    void areRenewedAndGivenBackOnADiskThatIsFull() throws IOException {
        // given
        Files.createDirectories(root());
        try (Mount disk = Mount.ofOneMegabyte(root())) {
            Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
            disk.fill();

            // when, then
            clock.advance(LIFETIME.minusMillis(1));
            lease.renew();
            clock.advance(LIFETIME.minusMillis(1));
            assertThatExceptionOfType(LeaseHeldException.class)
                    .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-2", 1));
            lease.close();
            assertThat(LeaseNote.of(Files.readAllBytes(note(VAULT))).holder()).isNull();
            try (Stream<Path> files = Files.list(root().resolve(LeaseFiles.DIRECTORY))) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
            }
        }
    }

    private Path root() {
        return directory.resolve("store");
    }

    private Path note(String name) {
        return root().resolve(LeaseFiles.DIRECTORY).resolve(name);
    }
}
