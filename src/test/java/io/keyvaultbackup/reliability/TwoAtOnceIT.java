package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.backup.TrainedProgram;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the packaged program, each with its own database, started at the same moment on one vault: one of them works. */
class TwoAtOnceIT {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int OBJECTS = 12;

    @TempDir
    private static Path shared;

    private static KeyVaultEmulator emulator;
    private static List<String> program;

    @TempDir
    private Path directory;

    @BeforeAll
    static void prepare() throws IOException {
        emulator = KeyVaultEmulator.start();
        TrainedProgram apart = PackagedProgram.takenApart(shared);
        EmulatedVault vault = emulator.vault("learning");
        vault.secrets("app", OBJECTS);
        Bench bench = new Bench(shared, emulator);
        Bench.Result learned = new OwnProcess(shared, emulator, bench)
                .of(apart.learning())
                .run("backup", "--json", "--vault", vault.uri().toString());
        assertThat(learned.exitCode()).as(learned.out() + learned.err()).isZero();
        program = apart.learned();
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    @RepeatedTest(17)
    void oneWorksInADirectoryAndTheOtherNamesIt() throws Exception {
        assertThatOneWorks(bench -> {
            bench.set(
                    "keyvault-backup.store.directory",
                    directory.resolve("store").toString());
            return new Shelf.InDirectory(directory.resolve("store"));
        });
    }

    @RepeatedTest(3)
    void oneWorksInBlobStorageAndTheOtherNamesIt() throws Exception {
        assertThatOneWorks(new Shelf.InAzurite(Azurite.shared().newContainer())::configure);
    }

    private void assertThatOneWorks(Function<Bench, ? extends Shelf> store) throws IOException {
        // given a vault whose backups wait until one of the two has ended
        EmulatedVault vault = emulator.vault("two-at-once");
        vault.secrets("app", OBJECTS);
        CompletableFuture<Process> firstToEnd = new CompletableFuture<>();
        vault.faults().on(Operation.BACKUP).before(firstToEnd::join);
        Bench one = new Bench(Files.createDirectory(directory.resolve("one")), emulator);
        Bench other = new Bench(Files.createDirectory(directory.resolve("other")), emulator);
        Shelf shelf = store.apply(one);
        assertThat(store.apply(other)).isEqualTo(shelf);

        // when
        OwnProcess.Running first = start("one", one, vault);
        OwnProcess.Running second = start("other", other, vault);
        var _ = first.process().onExit().thenAccept(firstToEnd::complete);
        var _ = second.process().onExit().thenAccept(firstToEnd::complete);
        Process ended = firstToEnd.join();
        OwnProcess.Running works = ended.pid() == first.process().pid() ? second : first;
        OwnProcess.Running refused = ended.pid() == first.process().pid() ? first : second;
        Bench.Result refusal = refused.await();
        Bench.Result work = works.await();

        // then
        assertThat(refusal.exitCode()).as(refusal.out() + refusal.err()).isEqualTo(11);
        assertThat(refusal.lines("error").getFirst().path("message").asString())
                .contains("process " + works.process().pid())
                .contains(vault.uri().getHost());
        assertThat(work.exitCode()).as(work.out() + work.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
        Bench worker = works.equals(first) ? one : other;
        new Agreement(worker.jdbc(), shelf.kept(), vault, Instant.parse(NIGHT)).assertHolds();
    }

    private OwnProcess.Running start(String name, Bench bench, EmulatedVault vault) {
        return new OwnProcess(directory.resolve(name), emulator, bench)
                .of(program)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
    }
}
