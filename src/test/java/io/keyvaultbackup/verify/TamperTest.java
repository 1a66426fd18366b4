package io.keyvaultbackup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.ReadData;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.VerificationRequest;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.directory.DirectoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever can write to the store changes it in every way that we could think of, everywhere: with signatures each is found. The checker is the
 * one of the job, without its database; a checker that finds nothing fails here.
 */
class TamperTest {

    private static final long SEED = Long.getLong("tamper.seed", System.nanoTime() & 0xffff_ffffL);

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static SignedNights nights;
    private static Path place;
    private static SignatureKey key;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void backUp() {
        System.out.println("TamperTest: -Dtamper.seed=" + SEED);
        emulator = KeyVaultEmulator.start();
        nights = new SignedNights(directory, emulator, true);
        place = nights.tampered();
        key = nights.publicKey();
        assertThat(damage()).isEmpty();
    }

    @BeforeEach
    void undo() throws IOException {
        for (String name : nights.blobs.keySet()) {
            write(name, nights.bytes(name));
            Files.copy(
                    nights.bench.store().resolve(name + ".meta"),
                    place.resolve(name + ".meta"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    private static List<IntegrityFinding> damage() {
        return damage(key);
    }

    /** What the job's two steps find in the latest snapshot, every byte read. */
    private static List<IntegrityFinding> damage(SignatureKey with) {
        DirectoryStore store = new DirectoryStore(place);
        Patience patience = new Patience(new TestStopwatch());
        List<StoredManifest> manifests = Chain.manifests(store, nights.folder());
        StoredManifest latest = manifests.getLast();
        Examination examination = new Examination(
                new VerificationRequest(
                        new StoredSnapshot(nights.folder(), latest.snapshot(), List.of(latest)),
                        ReadData.ALL,
                        List.of()),
                store,
                patience,
                with);
        examination.examine();
        List<IntegrityFinding> findings = new ArrayList<>(examination.findings());
        CopyReading reading = new CopyReading(store, patience);
        examination
                .copies()
                .all()
                .forEach(copy -> findings.addAll(reading.read(copy).findings()));
        return findings.stream()
                .filter(finding -> finding.problem().level() == IntegrityProblem.Level.DAMAGE)
                .toList();
    }

    private static void assertFound(String what) {
        assertThat(damage()).as(what).isNotEmpty();
    }

    private static String latest() {
        return nights.manifests.getLast();
    }

    private static void write(String name, byte[] bytes) {
        try {
            Files.write(place.resolve(name), bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Puts these bytes there as if they had been written by the program: with their SHA-256 beside them. */
    private static void forge(String name, byte[] bytes) throws IOException {
        Path notes = place.resolve(name + ".meta");
        String before = Files.readString(notes);
        write(name, bytes);
        Files.writeString(notes, before.replaceAll("[0-9a-f]{64}", sha256(bytes)));
    }

    private static String sha256(byte[] bytes) {
        var digest = Sha256.digest();
        digest.update(bytes);
        return Sha256.text(digest);
    }

    private static void restore(String... names) throws IOException {
        for (String name : names) {
            write(name, nights.bytes(name));
            Files.copy(
                    nights.bench.store().resolve(name + ".meta"),
                    place.resolve(name + ".meta"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(damage()).isEmpty();
    }

    private void assertEveryByteIsHeld(String name, int step) throws IOException {
        byte[] whole = nights.bytes(name);
        int found = 0;
        int tried = 0;
        for (int at = random.nextInt(step); at < whole.length; at += step) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            write(name, flipped);
            tried++;
            if (damage().isEmpty()) {
                throw new AssertionError("byte " + at + " of " + name + " may be changed unseen, seed " + SEED);
            }
            found++;
        }
        for (int length = random.nextInt(step * 7); length < whole.length; length += step * 7) {
            write(name, Arrays.copyOf(whole, length));
            assertFound(name + " cut off after " + length);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        longer[whole.length] = ' ';
        write(name, longer);
        assertFound(name + " with a blank more");
        assertThat(found).isEqualTo(tried).isGreaterThan(20);
        restore(name);
    }

    @Test
    void noByteOfTheLatestManifestCanBeChanged() throws IOException {
        assertEveryByteIsHeld(latest(), 3);
    }

    @Test
    void noByteOfAnEarlierManifestCanBeChanged() throws IOException {
        assertEveryByteIsHeld(nights.manifests.getFirst(), 17);
    }

    @Test
    void noByteOfTheSignatureCanBeChanged() throws IOException {
        String name = latest() + ".jws";
        byte[] whole = nights.bytes(name);
        for (int at = 0; at < whole.length; at++) {
            byte[] other = whole.clone();
            other[at] = (byte) (other[at] == 'A' ? 'B' : 'A');
            write(name, other);
            assertFound("character " + at + " of the signature");
        }
        write(name, new byte[0]);
        assertFound("an empty signature");
        restore(name);
    }

    @Test
    void noByteOfACopyCanBeChanged() throws IOException {
        for (String copy : nights.copiesOfLatest()) {
            assertEveryByteIsHeld(copy, 41);
        }
    }

    @Test
    void copiesCanNeitherBeSwappedNorRenamedNorRemoved() throws IOException {
        List<String> copies = nights.copiesOfLatest();
        for (int one = 0; one < copies.size(); one++) {
            for (int other = one + 1; other < copies.size(); other++) {
                forge(copies.get(one), nights.bytes(copies.get(other)));
                forge(copies.get(other), nights.bytes(copies.get(one)));
                assertFound(copies.get(one) + " swapped with " + copies.get(other));
                restore(copies.get(one), copies.get(other));
            }
        }
        for (String copy : copies) {
            Files.move(place.resolve(copy), place.resolve(copy + "0"));
            assertFound(copy + " renamed");
            Files.delete(place.resolve(copy + "0"));
            assertFound(copy + " removed");
            restore(copy);
        }
    }

    @Test
    void aManifestCanNeitherBeReplacedNorReplayedNorRemoved() throws IOException {
        // one that is made up, in every detail, but for the signature
        String made = new String(nights.bytes(latest()), StandardCharsets.UTF_8)
                .replace(sha256(nights.bytes(nights.copiesOfLatest().getFirst())), "0".repeat(64));
        forge(latest(), made.getBytes(StandardCharsets.UTF_8));
        assertFound("a made-up manifest");
        restore(latest());

        // an older one in the place of a newer, with its signature
        for (int older = 0; older < 2; older++) {
            for (String end : List.of("", ".jws")) {
                forge(latest() + end, nights.bytes(nights.manifests.get(older) + end));
            }
            assertFound("an older manifest replayed");
            restore(latest(), latest() + ".jws");
        }

        // another one's signature
        forge(latest() + ".jws", nights.bytes(nights.manifests.getFirst() + ".jws"));
        assertFound("another manifest's signature");
        restore(latest() + ".jws");

        // taken away in the middle, and at the start
        for (int removed = 0; removed < 2; removed++) {
            Files.delete(place.resolve(nights.manifests.get(removed)));
            assertFound("a removed manifest");
            restore(nights.manifests.get(removed));
        }
    }

    @Test
    void withoutSignaturesWhatIsForgedConsistentlyIsNotFound() throws IOException {
        // given somebody who may overwrite, and takes care of each SHA-256: docs/verify.md says so
        String copy = nights.copiesOfLatest().getFirst();
        byte[] other = nights.bytes(copy);
        other[other.length - 1] ^= 1;
        String made = new String(nights.bytes(latest()), StandardCharsets.UTF_8)
                .replace(sha256(nights.bytes(copy)), sha256(other));
        forge(copy, other);
        forge(latest(), made.getBytes(StandardCharsets.UTF_8));

        assertThat(damage(new SignatureKey(null))).isEmpty();
        assertFound("the same, with signatures");
        restore(copy, latest());
    }

    @Test
    void withoutSignaturesWhatIsNotForgedConsistentlyIsFound() throws IOException {
        SignatureKey none = new SignatureKey(null);
        byte[] other = nights.bytes(latest());
        int missed = 0;
        for (int at = 0; at < other.length; at += 5) {
            byte[] flipped = other.clone();
            flipped[at] ^= 1;
            write(latest(), flipped);
            missed += damage(none).isEmpty() ? 1 : 0;
        }
        restore(latest());
        Files.delete(place.resolve(nights.manifests.get(1)));
        assertThat(damage(none)).isNotEmpty();
        restore(nights.manifests.get(1));
        assertThat(missed).isZero();
    }
}
