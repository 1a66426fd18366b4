package io.keyvaultbackup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A vault that was backed up three nights, signed or not, and copies of that store to tamper with. */
final class SignedNights {

    static final List<String> NIGHTS = List.of("2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z");

    final Bench bench;
    final EmulatedVault vault;
    final Map<String, byte[]> blobs;
    final List<String> manifests;
    private final Path directory;
    private @Nullable PublicKey publicKey;
    private int copies;

    SignedNights(Path directory, KeyVaultEmulator emulator, boolean signed) {
        this.directory = directory;
        this.bench = new Bench(directory, emulator);
        this.vault = emulator.vault("three-nights");
        if (signed) {
            SigningKeys keys = SigningKeys.in(directory);
            publicKey = keys.publicKey();
            bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                    .set(
                            "keyvault-backup.signature.public-key-file",
                            keys.publicFile().toString());
        }
        vault.secrets("app", 4);
        vault.key("signing");
        vault.certificate("site");
        for (String night : NIGHTS) {
            Bench.Result result = bench.backUp(vault, "--scheduled-for", night);
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            vault.rotate("secret", "app000001");
        }
        this.blobs = bench.blobs();
        this.manifests = blobs.keySet().stream()
                .filter(name -> name.contains("/manifests/") && name.endsWith(".json"))
                .toList();
    }

    SignatureKey publicKey() {
        return new SignatureKey(Objects.requireNonNull(publicKey, "they are not signed"));
    }

    /** The vault's folder in the store. */
    String folder() {
        return manifests.getFirst().substring(0, manifests.getFirst().indexOf('/'));
    }

    /** A blob's bytes as they were written. */
    byte[] bytes(String name) {
        return Objects.requireNonNull(blobs.get(name), name).clone();
    }

    /** The copies that the latest snapshot refers to, whichever night made them. */
    List<String> copiesOfLatest() {
        return bench.manifest(manifests.getLast())
                .path("objects")
                .valueStream()
                .filter(object -> object.has("blob"))
                .map(object -> object.path("blob").asString())
                .sorted()
                .toList();
    }

    /** Puts a store of its own in place: all that the nights left, notes beside the blobs too; it may be written. */
    Path tampered() {
        try {
            Path place = Files.createDirectory(directory.resolve("tampered-" + copies++));
            try (Stream<Path> files = Files.walk(bench.store())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = bench.store().relativize(file).toString();
                    if (!name.startsWith(".")) {
                        Path copy = place.resolve(name);
                        Files.createDirectories(copy.getParent());
                        Files.write(copy, Files.readAllBytes(file));
                    }
                }
            }
            bench.set("keyvault-backup.store.directory", place.toString());
            return place;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Bench.Result verify(String... more) {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("verify", "--json", "--vault", vault.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }
}
