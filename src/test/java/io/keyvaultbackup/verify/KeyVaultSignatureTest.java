package io.keyvaultbackup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyType;
import io.keyvaultbackup.emulator.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests signed by a key that never leaves another vault, and checked with its public key alone. */
class KeyVaultSignatureTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    private EmulatedVault audit;
    private String keyId;
    private Path publicKey;

    @BeforeEach
    void makeAKeyInAnotherVault() throws Exception {
        audit = emulator.vault("audit");
        audit.key("manifests").type(KeyType.EC);
        keyId = audit.uri() + "/keys/manifests/"
                + audit.object("key", "manifests").orElseThrow().versions().getLast();
        publicKey = Files.writeString(
                directory.resolve("public.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder()
                                .encodeToString(audit.publicKey("manifests").getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        bench.set("keyvault-backup.signature.key-id", keyId);
        audit.requests().reset();
    }

    @Test
    void aManifestIsSignedByOneCallAndProvenWithoutAnyVault() {
        // given
        vault.secrets("app", 3);

        // when
        Bench.Result result = bench.backUp(vault);

        // then the key signed and was not read
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(audit.requests().count(Operation.SIGN, 200)).isEqualTo(1);
        assertThat(audit.requests().total()).isEqualTo(1);
        assertThat(vault.requests().count(Operation.SIGN)).isZero();

        // and the public key alone proves it, with nobody to ask
        audit.faults().onAny().always().answer(500);
        vault.faults().onAny().always().answer(500);
        bench.set("keyvault-backup.signature.public-key-file", publicKey.toString());
        Bench.Result verified = bench.run("verify", "latest", "--read-data", "--json");
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        assertThat(audit.requests().total()).isEqualTo(1);

        // and finds what is changed
        String manifest = result.summary().path("manifest").asString();
        rewrite(manifest, "\"complete\":true", "\"complete\":true ");
        Bench.Result changed = bench.run("verify", "latest", "--json");
        assertThat(changed.exitCode()).as(changed.out() + changed.err()).isEqualTo(4);
        assertThat(changed.out()).contains("SIGNATURE_WRONG");
    }

    private void rewrite(String blob, String from, String to) {
        try {
            Path file = bench.store().resolve(blob);
            file.toFile().setWritable(true);
            Files.writeString(file, Files.readString(file).replace(from, to));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aRunWhoseManifestCouldNotBeSignedIsFinishedByARelaunchThatBacksUpNothing() {
        // given
        vault.secrets("app", 3);
        audit.faults().on(Operation.SIGN).times(1).forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.failures()).isEqualTo(Map.of("the run itself", "ROLE_MISSING"));
        assertThat(first.lines("error").getFirst().path("message").asString()).contains("signing with " + keyId);
        assertThat(first.summary().has("manifest")).isFalse();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        assertThat(bench.blobs())
                .containsKey(relaunch.summary().path("manifest").asString() + ".jws");
    }

    @Test
    void aServiceThatIsBusyIsAskedAgain() {
        vault.secret("app");
        audit.faults().on(Operation.SIGN).times(2).answer(503);

        Bench.Result result =
                bench.with(io.keyvaultbackup.backup.FastTime.class).backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(audit.requests().count(Operation.SIGN)).isEqualTo(3);
    }

    @Test
    void aKeyThatCannotSignSoIsToldInTheServicesWords() {
        vault.secret("app");
        audit.key("rsa");
        bench.set(
                "keyvault-backup.signature.key-id",
                audit.uri() + "/keys/rsa/"
                        + audit.object("key", "rsa").orElseThrow().versions().getLast());

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isIn(3, 5);
        assertThat(result.lines("error").getFirst().path("message").asString())
                .contains("Key and signing algorithm are incompatible.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://localhost", "HTTPS://LOCALHOST", "https://Localhost."})
    void aKeyOfTheVaultItselfIsRefusedHoweverItIsSpelled(String host) {
        vault = emulator.vault("itself-" + host.length() + host.charAt(8));
        vault.key("own").type(KeyType.EC);
        bench.set(
                "keyvault-backup.signature.key-id",
                host + ":" + vault.uri().getPort() + "/keys/own/"
                        + vault.object("key", "own")
                                .orElseThrow()
                                .versions()
                                .getLast()
                                .toUpperCase(Locale.ROOT));

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.out()).contains("Sign with a key in another vault.");
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void aBlankKeyIsNone() {
        vault.secret("app");
        bench.set("keyvault-backup.signature.key-id", " ").set("keyvault-backup.signature.key-file", "");

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(bench.blobs().keySet()).noneMatch(name -> name.endsWith(".jws"));
    }

    @Test
    void aKeyThatIsNoneOrOneOfTwoIsAConfigurationError() throws Exception {
        bench.set("keyvault-backup.signature.key-id", "https://audit.vault.azure.net/keys/manifests");
        Bench.Result unversioned = bench.backUp(vault);
        assertThat(unversioned.exitCode()).isEqualTo(2);
        assertThat(unversioned.out())
                .contains(
                        "keyvault-backup.signature.key-id: 'https://audit.vault.azure.net/keys/manifests' is not a version"
                                + " of a key; it looks like https://audit.vault.azure.net/keys/manifests/0123456789abcdef");

        bench.set("keyvault-backup.signature.key-id", keyId)
                .set(
                        "keyvault-backup.signature.key-file",
                        io.keyvaultbackup.testservices.SigningKeys.in(directory)
                                .privateFile()
                                .toString());
        Bench.Result both = bench.backUp(vault);
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.out()).contains("give one of them");
    }
}
