package io.keyvaultbackup.reliability;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Forty vaults of skewed sizes, and processes that share them by a PostgreSQL database and a directory store of this night's own. */
final class SharedNight {

    static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NIGHT_BEFORE = "2026-11-23T03:00:00Z";
    private static final int VAULTS = 40;

    private final Path directory;
    private final KeyVaultEmulator emulator;
    private final @Nullable List<String> program;
    private final Postgres.Database database = Postgres.shared().newDatabase();
    private final List<EmulatedVault> vaults;
    private final List<Bench> benches = new ArrayList<>();

    /**
     * @param program null for the classes of the build
     * @param largest how many secrets the largest vault has; the others have 0.885 of the one before, so that it has less than an eighth of all
     */
    SharedNight(Path directory, KeyVaultEmulator emulator, @Nullable List<String> program, int largest) {
        this.directory = directory;
        this.emulator = emulator;
        this.program = program;
        this.vaults = IntStream.range(0, VAULTS)
                .mapToObj(number -> {
                    EmulatedVault vault = emulator.vault("vault-" + number);
                    vault.secrets("app", (int) Math.max(1, Math.round(largest * Math.pow(0.885, number))));
                    return vault;
                })
                .toList();
    }

    List<EmulatedVault> vaults() {
        return vaults;
    }

    long objects() {
        return vaults.stream().mapToLong(vault -> vault.objects().size()).sum();
    }

    long largest() {
        return vaults.getFirst().objects().size();
    }

    long backupCalls() {
        return vaults.stream()
                .mapToLong(vault -> vault.requests().count(Operation.BACKUP))
                .sum();
    }

    /** How many backup calls of a vault were made again. */
    long madeAgain(EmulatedVault vault) {
        return vault.requests().count(Operation.BACKUP) - vault.objects().size();
    }

    /** The vaults that a process has, or had when it was killed: nobody else can have claimed them for as long as its claims last. */
    Set<EmulatedVault> claimedBy(OwnProcess.Running process) {
        List<String> claimed = benches.getFirst()
                .jdbc()
                .sql("SELECT vault_uri FROM fleet_vault WHERE state = 'TAKEN' AND process_id LIKE ?")
                .param("%(process " + process.process().pid() + ")%")
                .query((row, number) -> row.getString("vault_uri"))
                .list();
        return vaults.stream()
                .filter(vault -> claimed.contains(vault.uri().toString()))
                .collect(Collectors.toSet());
    }

    /** What a fleet is normally: each vault has had a night of the same budget, so that the database knows how long it takes; of which this night's store knows nothing. */
    void hasHadANightBefore(String budget) throws IOException {
        Bench.Result result = startFor(
                        NIGHT_BEFORE,
                        "before",
                        "keyvault-backup.budget",
                        budget,
                        "keyvault-backup.vaults-at-once",
                        "16")
                .await();
        if (result.exitCode() != 0) {
            throw new AssertionError(result.out() + result.err());
        }
        vaults.forEach(vault -> vault.requests().reset());
    }

    /** Starts one more process, with these properties besides. */
    OwnProcess.Running start(String... properties) throws IOException {
        return startFor(NIGHT, "store", properties);
    }

    private OwnProcess.Running startFor(String night, String store, String... properties) throws IOException {
        Path own = Files.createDirectory(directory.resolve("process" + benches.size()));
        Bench bench = new Bench(own, emulator)
                .onDatabase(database)
                .set("keyvault-backup.store.directory", directory.resolve(store).toString());
        for (int next = 0; next < properties.length; next += 2) {
            bench.set(properties[next], properties[next + 1]);
        }
        benches.add(bench);
        List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--shared", "--scheduled-for", night));
        vaults.forEach(vault -> arguments.addAll(List.of("--vault", vault.uri().toString())));
        OwnProcess process = new OwnProcess(own, emulator, bench);
        return (program == null ? process : process.of(program)).start(arguments.toArray(String[]::new));
    }

    void assertThatAllAgree() {
        KeptBlobs kept = KeptBlobs.inDirectory(directory.resolve("store"));
        vaults.forEach(
                vault -> new Agreement(benches.getFirst().jdbc(), kept, vault, Instant.parse(NIGHT)).assertHolds());
    }
}
