package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.BackupContent;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.HistoryEntry;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Proves, blob by blob and against the vault's own history, that a manifest which says as of when it is consistent tells the truth, whatever
 * changes while it is made: {@code ./mvnw test -Dtest=ConsistencyTest [-Dconsistency.runs=200] [-Dconsistency.seed=N]}.
 */
class ConsistencyTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NIGHT_BEFORE = "2026-11-23T03:00:00Z";
    private static final Duration UNMISTAKABLE = Duration.ofSeconds(5);
    private static final int INTERRUPTED = 130;
    private static final int INCOMPLETE = 3;
    private static final int MOST_RELAUNCHES = 10;
    /** With fewer it may well be that each run is through with its first closing listing. */
    private static final int MANY_CHANGES = 10;

    private static final int RUNS = Integer.getInteger("consistency.runs", 4);

    private static final LongAdder BESIDE = new LongAdder();
    private static final LongAdder AGAIN = new LongAdder();

    @TempDir
    private Path directory;

    @AfterAll
    static void someClosingListingsWereMadeBesideTheBackupsAndSomeOfThoseProvedNothing() {
        if (RUNS > 1) {
            assertThat(BESIDE.sum()).as("begun beside the backups").isPositive();
            assertThat(AGAIN.sum()).as("repeated").isPositive();
        }
    }

    /** What one run came to. */
    private record Proof(
            boolean consistent, int listings, int beside, int again, long changes, int blobs, List<String> wrong) {}

    @ParameterizedTest
    @CsvSource({
        // in a hundred requests, so many changes; at most so many milliseconds pass with each request
        "2, 400",
        "4, 1500",
        "10, 400",
        "10, 20",
        "40, 100",
        "150, 20",
        "150, 900"
    })
    void everyBlobIsOfTheMomentThatTheManifestTells(int changesInAHundred, int mostMillis) throws IOException {
        long seed = Long.getLong("consistency.seed", System.nanoTime());
        List<Proof> proofs = new ArrayList<>();
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // as many again, and once more, where none has found a moment by chance
            for (int run = 0; run < RUNS || (run < 5 * RUNS && consistent(proofs) == 0); run++) {
                Random random = new Random(seed + run);
                Proof proof = prove(emulator, run, random, changesInAHundred, mostMillis);
                assertThat(proof.wrong())
                        .as("-Dconsistency.seed=%d -Dconsistency.runs=1", seed + run)
                        .isEmpty();
                proofs.add(proof);
            }
        }
        BESIDE.add(proofs.stream().mapToLong(Proof::beside).sum());
        AGAIN.add(proofs.stream().mapToLong(Proof::again).sum());
        long consistent = consistent(proofs);
        System.out.printf(
                "%d changes in 100 requests, up to %d ms each: %d of %d runs consistent, %d changes, %d closing listings, %d of them"
                        + " begun beside the backups, %d repeated; %d blobs compared%n",
                changesInAHundred,
                mostMillis,
                consistent,
                proofs.size(),
                proofs.stream().mapToLong(Proof::changes).sum(),
                proofs.stream().mapToLong(Proof::listings).sum(),
                proofs.stream().mapToLong(Proof::beside).sum(),
                proofs.stream().mapToLong(Proof::again).sum(),
                proofs.stream().mapToLong(Proof::blobs).sum());
        assertThat(proofs.stream().mapToLong(Proof::blobs).sum()).isGreaterThan(3 * consistent);
        assertThat(proofs.stream().mapToLong(Proof::changes).sum()).isPositive();
        assertThat(consistent).as("runs in which a moment was found").isPositive();
        assertThat(proofs.stream().mapToLong(Proof::listings).sum())
                .isGreaterThanOrEqualTo(proofs.size())
                .satisfies(listings -> assertThat(listings > proofs.size() || changesInAHundred < MANY_CHANGES)
                        .as("some runs listed more than once")
                        .isTrue());
    }

    /** What is copied then and does not change may be taken over. */
    private static void backUpTheNightBefore(Bench bench, EmulatedVault vault) {
        SkippingTime.skip(UNMISTAKABLE);
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT_BEFORE);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        SkippingTime.skip(UNMISTAKABLE);
    }

    private static long consistent(List<Proof> proofs) {
        return proofs.stream().filter(Proof::consistent).count();
    }

    /**
     * Every request is preceded and followed by changes. In most runs that ends after so many, so that they find a moment in the end; some are
     * stopped on the way and continued.
     */
    private Proof prove(KeyVaultEmulator emulator, int run, Random random, int changesInAHundred, int mostMillis)
            throws IOException {
        VaultSettings settings = VaultSettings.of("unrest-" + run + "-" + changesInAHundred)
                .withClock(SkippingTime.CLOCK)
                .withPageSize(3);
        EmulatedVault vault = emulator.vault(random.nextInt(4) == 0 ? settings.thatListsBackwards() : settings);
        Unrest unrest = new Unrest(vault, random);
        Path place = directory.resolve(changesInAHundred + "-" + mostMillis + "-" + run);
        Files.createDirectories(place);
        Bench bench = new Bench(place, emulator)
                .with(SkippingTime.class)
                .set("keyvault-backup.threads", "4")
                .set("keyvault-backup.chunk", String.valueOf(1 + random.nextInt(4))) // or all is recorded at once
                .set("keyvault-backup.overlap-from", random.nextInt(4) == 0 ? "500" : "1")
                .set("keyvault-backup.settle-rounds", String.valueOf(2 + random.nextInt(5)))
                .set("keyvault-backup.list-versions", String.valueOf(random.nextBoolean()));
        if (random.nextBoolean()) {
            backUpTheNightBefore(bench, vault);
            int many = random.nextInt(10);
            for (int change = 0; change < many; change++) {
                unrest.change();
            }
            SkippingTime.skip(UNMISTAKABLE);
        }
        long before = unrest.changes();
        int mostChanges = changesInAHundred < 5 ? Integer.MAX_VALUE : 1 + random.nextInt(40);
        Random dice = new Random(random.nextLong());
        AtomicReference<Instant> lastRequest = new AtomicReference<>(Instant.EPOCH);
        Runnable disturb = () -> {
            int many;
            synchronized (dice) {
                SkippingTime.skip(Duration.ofMillis(dice.nextInt(mostMillis)));
                many = changesInAHundred / 100 + (dice.nextInt(100) < changesInAHundred % 100 ? 1 : 0);
            }
            for (int change = 0; change < many && unrest.changes() - before < mostChanges; change++) {
                unrest.change();
            }
            lastRequest.set(SkippingTime.CLOCK.instant());
        };
        vault.faults().onAny().always().before(disturb);
        vault.faults().onAny().always().after(disturb);
        if (random.nextInt(3) == 0) {
            vault.faults().onAny().skip(random.nextInt(60)).times(1).before(bench.nextStop()::give);
        }
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);
        if (result.exitCode() == INTERRUPTED) {
            bench.nextStop();
            result = bench.backUp(vault, "--scheduled-for", NIGHT);
        }
        for (int relaunch = 0; result.exitCode() == INCOMPLETE && relaunch < MOST_RELAUNCHES; relaunch++) {
            assertOnlyLateCertificatesFailed(result);
            result = bench.backUp(vault, "--scheduled-for", NIGHT);
        }
        vault.faults().clear();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode manifest = bench.manifest(result.summary().path("manifest").asString());
        List<String> wrong = new ArrayList<>();
        if (manifest.has("consistentAsOf") == manifest.has("moving")) {
            wrong.add("neither a moment nor what moves is told, or both: " + result.out());
        }
        int blobs = manifest.has("consistentAsOf")
                ? compare(vault, bench.blobs(), manifest, unrest, lastRequest.get(), wrong)
                : 0;
        return new Proof(
                manifest.has("consistentAsOf"),
                result.summary().path("closing_listings").asInt(),
                bench.jdbc()
                        .sql(
                                "SELECT COUNT(*) FROM BATCH_STEP_EXECUTION c JOIN BATCH_STEP_EXECUTION b USING (JOB_EXECUTION_ID)"
                                        + " WHERE c.STEP_NAME = 'closing' AND b.STEP_NAME = 'backup' AND c.START_TIME < b.END_TIME")
                        .query(Integer.class)
                        .single(),
                bench.jdbc()
                        .sql("SELECT COUNT(*) FROM BATCH_STEP_EXECUTION WHERE EXIT_CODE = 'AGAIN'")
                        .query(Integer.class)
                        .single(),
                unrest.changes(),
                blobs,
                wrong);
    }

    /** A certificate that is made while its vault is listed shows its secret first; the last closing listing finds it and cannot copy it any more. */
    private static void assertOnlyLateCertificatesFailed(Bench.Result result) {
        JsonNode summary = result.summary();
        assertThat(summary.has("consistent_as_of")).as(result.out()).isFalse();
        assertThat(result.failures())
                .as(result.out())
                .hasSize(summary.path("failures").asInt())
                .isNotEmpty();
        assertThat(result.failures()).as(result.out()).allSatisfy((object, reason) -> {
            assertThat(reason).isEqualTo("CERTIFICATE_NOT_LISTED");
            assertThat(summary.path("moving").findValuesAsString("object"))
                    .contains(object.replaceFirst("^(secret|key)/", "certificate/"));
        });
    }

    /**
     * What a listing of what is there cannot tell is left out: what was deleted after the moment and before its page was listed, and what was
     * deleted before the moment and recovered in time for its page, as it had been.
     */
    private static int compare(
            EmulatedVault vault,
            Map<String, byte[]> blobs,
            JsonNode manifest,
            Unrest unrest,
            Instant end,
            List<String> wrong) {
        Instant moment = Instant.parse(manifest.path("consistentAsOf").asString());
        Map<String, JsonNode> objects = new TreeMap<>();
        manifest.path("objects")
                .forEach(object -> objects.put(
                        object.path("kind").asString() + "/"
                                + object.path("name").asString(),
                        object));
        int compared = 0;
        for (Unrest.Named named : unrest.names()) {
            JsonNode object = objects.getOrDefault(named.toString(), MissingNode.getInstance());
            Optional<HistoryEntry> state = unrest.at(named, moment);
            String told = named + " at " + moment + " was " + state + ", and is told to be " + object + "; it has had "
                    + vault.history(named.kind(), named.name());
            if (object.has("blob") && state.isPresent()) {
                compared++;
                byte[] blob = blobs.getOrDefault(object.path("blob").asString(), new byte[0]);
                BackupContent content = vault.openBackup(blob);
                if (content.revision() != state.get().revision() || !hasVersions(object, content.versions())) {
                    wrong.add("revision " + content.revision() + ": " + told);
                }
            } else if (object.has("blob")
                    ? !unrest.was("recovered", named, moment, end)
                    : state.isPresent() && !unrest.was("deleted", named, moment, end)) {
                wrong.add(told);
            }
        }
        return compared;
    }

    private static boolean hasVersions(JsonNode object, List<String> versions) {
        return !object.has("versions")
                || object.path("versions")
                        .valueStream()
                        .map(version -> version.path("id").asString())
                        .collect(Collectors.toSet())
                        .equals(Set.copyOf(versions));
    }
}
