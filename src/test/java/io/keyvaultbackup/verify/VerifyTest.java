package io.keyvaultbackup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is whole is told as whole, and whatever is not is named. */
class VerifyTest {

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static SignedNights nights;

    private Path store = directory;

    @BeforeAll
    static void backUp() {
        emulator = KeyVaultEmulator.start();
        nights = new SignedNights(directory, emulator, true);
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    @BeforeEach
    void copyStore() {
        store = nights.tampered();
        nights.vault.requests().reset();
    }

    private static Map<String, String> problems(Bench.Result result) {
        Map<String, String> problems = new TreeMap<>();
        result.lines("finding")
                .forEach(finding -> problems.put(
                        finding.path("problem").asString(),
                        finding.path("subject").asString()));
        return problems;
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(nights.vault.requests().total()).isZero();
        return result;
    }

    @Test
    void aJobDatabaseThatIsDamagedIsToldInTwoLines() throws Exception {
        // given
        Path data = Files.createDirectory(directory.resolve("damaged"));
        Files.writeString(data.resolve("keyvault-backup.mv.db"), "not a database at all");
        nights.bench.set("keyvault-backup.data-directory", data.toString());
        try {
            // when
            Bench.Result result = nights.bench.run("verify", "latest");

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
            assertThat(result.err().lines()).hasSize(2);
            assertThat(result.err()).contains("file is damaged", "Move the file keyvault-backup.mv.db");
        } finally {
            nights.bench.set(
                    "keyvault-backup.data-directory", directory.resolve("data").toString());
        }
    }

    @Test
    void whatIsWholeIsTold() {
        Bench.Result result = assertEnds(0, nights.verify("--read-data"));

        assertThat(problems(result).keySet()).containsExactly("ENVELOPE_UNKNOWN"); // the certificate's
        assertThat(result.summary().path("status").asString()).isEqualTo("WHOLE");
        assertThat(result.summary().path("manifests").asInt()).isEqualTo(3);
        assertThat(result.summary().path("copies").asInt()).isEqualTo(6);
        assertThat(result.summary().path("copies_read").asInt()).isEqualTo(6);
        assertThat(problems(assertEnds(0, nights.verify()))).isEmpty();
        assertThat(nights.bench.run("verify", "@2026-11-22").out())
                .contains("Whole: 20261122T030000Z-", "3 manifests followed, 6 copies there, none read");
    }

    @Test
    void partsTogetherReadEachCopyOnce() {
        int read = 0;
        for (int part = 1; part <= 3; part++) {
            read += assertEnds(0, nights.verify("--read-data-subset", part + "/3"))
                    .summary()
                    .path("copies_read")
                    .asInt();
        }
        assertThat(read).isEqualTo(6);
    }

    @Test
    void aFlippedBitInACopyIsFoundWhenItIsRead() throws IOException {
        String blob = nights.copiesOfLatest().get(2);
        byte[] bytes = nights.bytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(store.resolve(blob), bytes);

        assertThat(problems(assertEnds(4, nights.verify("--read-data")))).containsEntry("COPY_DAMAGED", blob);
        assertThat(problems(assertEnds(0, nights.verify()))).isEmpty();
    }

    @Test
    void aMissingAndAShorterCopyAreFoundWithoutReading() throws IOException {
        String missing = nights.copiesOfLatest().get(1);
        String shorter = nights.copiesOfLatest().get(3);
        Files.delete(store.resolve(missing));
        Files.write(store.resolve(shorter), new byte[3]);

        Bench.Result result = assertEnds(4, nights.verify());

        assertThat(problems(result)).isEqualTo(Map.of("COPY_MISSING", missing, "COPY_DAMAGED", shorter));
        assertThat(result.lines("finding").getFirst().path("level").asString()).isEqualTo("DAMAGE");
        assertThat(nights.bench.run("verify").out()).contains("DAMAGED", missing, "damage: copy missing");
    }

    @Test
    void aManifestRemovedFromTheMiddleBreaksTheChain() throws IOException {
        Files.delete(store.resolve(nights.manifests.get(1)));

        assertThat(problems(assertEnds(4, nights.verify()))).isEqualTo(Map.of("CHAIN_BROKEN", nights.manifests.get(2)));
    }

    @Test
    void aRemovedLatestIsFoundWhereItIsExpected() throws IOException {
        String latest = nights.manifests.get(2).replaceAll(".*/([^./]+)\\.1\\.json", "$1");
        assertEnds(0, nights.verify("--expect-latest", latest));
        Files.delete(store.resolve(nights.manifests.get(2)));

        assertEnds(0, nights.verify());
        assertThat(problems(assertEnds(4, nights.verify("--expect-latest", latest))))
                .isEqualTo(Map.of("NOT_LATEST", nights.manifests.get(1)));
        assertEnds(0, nights.verify("--expect-latest", "30m")); // sealed just now, whatever it was scheduled for
        assertEnds(4, nights.verify("--expect-latest", "0m"));
        assertEnds(2, nights.verify("--expect-latest", "soon"));
    }

    @Test
    void signaturesAreAskedFor() throws IOException {
        Files.delete(store.resolve(nights.manifests.get(2) + ".jws"));
        assertThat(problems(assertEnds(4, nights.verify())))
                .containsEntry("SIGNATURE_MISSING", nights.manifests.get(2));

        Files.write(store.resolve(nights.manifests.get(2) + ".jws"), nights.bytes(nights.manifests.get(1) + ".jws"));
        assertThat(problems(assertEnds(4, nights.verify()))).containsEntry("SIGNATURE_WRONG", nights.manifests.get(2));
    }

    @Test
    void withoutAPublicKeyASignatureIsOnlyNoted() {
        String key = directory.resolve("public.pem").toString();
        nights.bench.without("keyvault-backup.signature.public-key-file");
        try {
            assertThat(problems(assertEnds(0, nights.verify())).keySet()).containsExactly("SIGNATURE_NOT_CHECKED");
        } finally {
            nights.bench.set("keyvault-backup.signature.public-key-file", key);
        }
    }

    @Test
    void leftoversOfAnUnfinishedRunAreNoDamage() throws IOException {
        String blob = nights.copiesOfLatest().stream()
                .filter(copy -> nights.manifests.getLast().contains(copy.split("/", -1)[1]))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\.1$", ".7");
        Files.write(store.resolve(blob), new byte[9]);

        assertThat(problems(assertEnds(0, nights.verify()))).isEqualTo(Map.of("ORPHAN", blob));
    }

    @Test
    void anExaminationThatDidNotEndReadsNoCopyTwice(@TempDir Path place) {
        // given a store that does not give one copy
        Bench bench = new Bench(place, emulator).with(FastTime.class);
        EmulatedVault vault = emulator.vault("in-azurite");
        vault.secrets("app", 9);
        Azurite.Container container = Azurite.shared().newContainer();
        bench.onContainer(container, "rcwl");
        assertThat(bench.backUp(vault).exitCode()).isZero();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.set("keyvault-backup.store.container-url", way.url() + "/" + container.name());
            for (int tries = 0; tries < 6; tries++) {
                way.next(
                        "GET", "/secret/app000004.1", new FaultyWay.Fault.Refusal(503, "ServerBusy", "busy", Map.of()));
            }

            // when
            Bench.Result first = bench.run(
                    "verify", "--read-data", "--json", "--vault", vault.uri().toString());
            Bench.Result second = bench.run(
                    "verify", "--read-data", "--json", "--vault", vault.uri().toString());

            // then
            assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
            assertThat(problems(first).get("COPY_UNREAD")).endsWith("/secret/app000004.1");
            assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
            assertThat(second.summary().path("copies_read").asInt()).isEqualTo(9);
            assertThat(way.paths("GET").stream().filter(path -> path.contains("/secret/app")))
                    .hasSize(8 + 6 + 1);
        }
    }

    @Test
    void anExaminationThatIsStoppedIsContinued(@TempDir Path place) {
        // given a store that is silent on one copy, and a stop
        Bench bench = new Bench(place, emulator);
        EmulatedVault vault = emulator.vault("stopped");
        vault.secrets("app", 9);
        Azurite.Container container = Azurite.shared().newContainer();
        bench.onContainer(container, "rcwl");
        assertThat(bench.backUp(vault).exitCode()).isZero();
        StopSignal stop = bench.nextStop();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.set("keyvault-backup.store.container-url", way.url() + "/" + container.name());
            way.next("GET", "/secret/app000004.1", new FaultyWay.Fault.Silence(stop::give));

            // when
            Bench.Result stopped = bench.run(
                    "verify", "--read-data", "--json", "--vault", vault.uri().toString());

            // then
            assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
            assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
            int read = stopped.summary().path("copies_read").asInt();
            assertThat(read).isBetween(1, 8);

            // and
            bench.nextStop();
            long before = way.paths("GET").stream()
                    .filter(path -> path.contains("/secret/app"))
                    .count();
            Bench.Result second = bench.run(
                    "verify", "--read-data", "--json", "--vault", vault.uri().toString());
            assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
            assertThat(second.summary().path("copies_read").asInt()).isEqualTo(9);
            assertThat(way.paths("GET").stream()
                                    .filter(path -> path.contains("/secret/app"))
                                    .count()
                            - before)
                    .isEqualTo(9 - read);
        }
    }

    @Test
    void aVaultWhoseSnapshotsAreAllGoneIsNotPassedOver() {
        Bench.Result result = nights.verify("--vault", "https://gone.vault.azure.net");

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.lines("error").getFirst().path("message").asString())
                .contains("There is no snapshot latest of gone.vault.azure.net");
    }

    @Test
    void aManifestThatWasForgedBeforeTheNextSealIsFoundByItsSignature() throws IOException {
        // given the chain as a seal makes it that came after the forgery: the others are as they were, and refer to it
        Files.write(
                store.resolve(nights.manifests.getFirst() + ".jws"), nights.bytes(nights.manifests.get(1) + ".jws"));

        assertThat(problems(assertEnds(4, nights.verify("--read-data"))))
                .containsEntry("SIGNATURE_WRONG", nights.manifests.getFirst());
    }

    @Test
    void aDamagedManifestAmongTheOthersIsNamed() throws IOException {
        Files.writeString(store.resolve(nights.manifests.getFirst()), "{}");

        assertThat(problems(assertEnds(4, nights.verify())))
                .isEqualTo(Map.of("MANIFEST_DAMAGED", nights.manifests.getFirst()));
    }

    @Test
    void anOlderManifestInANewersPlaceIsFound() throws IOException {
        for (String end : List.of("", ".jws")) {
            Files.write(store.resolve(nights.manifests.get(2) + end), nights.bytes(nights.manifests.get(1) + end));
        }

        assertThat(problems(assertEnds(4, nights.verify())))
                .containsEntry("MANIFEST_MISPLACED", nights.manifests.get(2));
    }

    @Test
    void whatIsGivenWrongIsRefused() {
        assertEnds(2, nights.verify("--read-data-subset", "8/7"));
        assertEnds(2, nights.verify("--read-data", "--read-data-subset", "1/7"));
        assertEnds(10, nights.verify("2031"));
    }
}
