package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.testservices.DroppedWrite;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.testservices.StoppablePostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The job database fails under a run: that is told, and once it is mended the run is finished with hardly a call twice. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseInMidRunTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int OBJECTS = 80;
    private static final int THREADS = 4;
    private static final int CHUNK = 8;
    private static final int PAGES = 12;

    @BeforeEach
    void prepare() {
        bench.set("keyvault-backup.threads", String.valueOf(THREADS))
                .set("keyvault-backup.chunk", String.valueOf(CHUNK));
        vault.secrets("app", OBJECTS);
    }

    private Bench.Result backUp() {
        return bench.run("backup", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
    }

    private static void assertTwoLines(Bench.Result failed, String what, String advice, CapturedOutput process) {
        assertThat(failed.exitCode()).as(failed.out() + failed.err() + process).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .startsWith("keyvault-backup: ")
                .contains(what, advice)
                .hasLineCount(2);
        assertThat(failed.err()).doesNotContain("Exception", "\tat ", "org.", "null");
        assertThat(process.getAll()).doesNotContain("Exception", "\tat ");
    }

    private void assertFinished(Bench.Result relaunch) {
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        Agreement.of(bench, vault, NIGHT).assertHolds();
    }

    @Test
    void postgresThatIsStoppedInMidRun(CapturedOutput process) throws IOException {
        try (StoppablePostgres postgres = StoppablePostgres.start(Files.createDirectory(directory.resolve("pg")))) {
            // given
            Postgres.Database database = postgres.database();
            bench.onDatabase(database).set("spring.datasource.hikari.connection-timeout", "1000");
            vault.faults().on(Operation.BACKUP).skip(40).times(1).before(postgres::stop);

            // when
            Bench.Result failed = backUp();

            // then
            assertTwoLines(failed, "job database", "relaunch", process);

            // and once it runs again, at once
            postgres.startAgain();
            assertFinished(backUp());
            assertThat(vault.requests().count(Operation.BACKUP)).isBetween((long) OBJECTS, (long) OBJECTS + THREADS);
        }
    }

    @Test
    void aConnectionThatIsDroppedInMidWriteIsToldAlsoWhereTheNextOneIsGood(CapturedOutput process) throws Exception {
        // given a write of the ledger's that waits, and whose connection is dropped meanwhile
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        try (DroppedWrite write = DroppedWrite.to("ledger_object", database)) {
            vault.faults().on(Operation.BACKUP).skip(40).times(1).before(write::begin);

            // when
            Bench.Result failed = backUp();
            write.await();

            // then
            assertTwoLines(failed, "job database", "relaunch", process);
        }

        // and
        assertFinished(backUp());
        assertThat(vault.requests().count(Operation.BACKUP)).isBetween((long) OBJECTS, (long) OBJECTS + THREADS);
    }

    /** Whatever ends the process then, no more calls are for nothing. */
    @Test
    void noMoreIsCalledAndNotRecordedThanTheStagesThreadsAndOneChunk() throws Exception {
        // given a ledger that cannot be written from the first call on
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        CountDownLatch locked = new CountDownLatch(1);
        Semaphore called = new Semaphore(0);
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            connection.setAutoCommit(false);
            JdbcClient lock = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            vault.faults().on(Operation.BACKUP).times(1).before(() -> {
                lock.sql("LOCK TABLE ledger_object IN SHARE MODE").update();
                locked.countDown();
            });
            vault.faults().on(Operation.BACKUP).always().before(() -> await(locked));
            vault.faults().on(Operation.BACKUP).always().after(called::release);

            // when
            CompletableFuture<Bench.Result> run = CompletableFuture.supplyAsync(this::backUp);
            assertThat(called.tryAcquire(THREADS + CHUNK, 1, TimeUnit.MINUTES)).isTrue();

            // then
            assertThat(called.tryAcquire(500, TimeUnit.MILLISECONDS)).isFalse();
            connection.rollback();
            assertFinished(run.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /** Whoever asked for the stop is answered: the run is not done, and a relaunch does the rest. */
    @Test
    void aStopIsOneThoughADroppedConnectionMeetsIt(CapturedOutput process) throws Exception {
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        StopSignal stop = bench.nextStop();
        try (DroppedWrite write = DroppedWrite.to("ledger_object", database)) {
            vault.faults().on(Operation.BACKUP).skip(40).times(1).before(() -> {
                write.begin();
                stop.give();
            });

            // when
            Bench.Result stopped =
                    bench.run("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
            write.await();

            // then it is told with what became of the database
            assertThat(stopped.exitCode())
                    .as(stopped.out() + stopped.err() + process)
                    .isEqualTo(130);
            assertThat(stopped.lines("error")).singleElement().satisfies(error -> {
                assertThat(error.path("exit_code").asInt()).isEqualTo(130);
                assertThat(error.path("message").asString())
                        .contains("Stopped", "job database", "--scheduled-for " + NIGHT);
            });
        }

        // and
        bench.nextStop();
        assertFinished(backUp());
        assertThat(vault.requests().count(Operation.BACKUP)).isBetween((long) OBJECTS, (long) OBJECTS + THREADS);
    }

    enum Damage {
        HEAD,
        ALL_BUT_THE_HEAD,
        CUT_OFF
    }

    @ParameterizedTest
    @EnumSource
    void anH2FileThatIsDamagedBetweenTwoExecutions(Damage damage, CapturedOutput process) throws IOException {
        // given a run that was stopped half way
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.BACKUP).skip(40).times(1).before(stop::give);
        assertThat(backUp().exitCode()).isEqualTo(130);
        bench.nextStop();
        long done = vault.requests().count(Operation.BACKUP);
        Path file = directory.resolve("data/keyvault-backup.mv.db");
        damage(file, damage);

        // when
        Bench.Result failed = backUp();

        // then, unless H2 found an older state of its own that is whole, the file is named, and the copies are whole
        if (damage == Damage.HEAD || failed.exitCode() != 0) {
            assertTwoLines(failed, "damaged", "Move the file keyvault-backup.mv.db", process);
            Map<String, byte[]> copies = bench.blobs();
            assertThat(copies).hasSize((int) done);
            copies.values()
                    .forEach(copy ->
                            assertThat(vault.openBackup(copy).versions()).hasSize(1));
            Files.move(file, directory.resolve("damaged"));
            failed = backUp();
        }

        // and the run is finished from the store, whatever the database forgot
        assertFinished(failed);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInTheStoreIsReadWhileTheH2FileIsDamaged(Damage damage, CapturedOutput process) throws IOException {
        // given
        Bench.Result backup =
                bench.run("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        assertThat(backup.exitCode()).isZero();
        Path file = directory.resolve("data/keyvault-backup.mv.db");
        damage(file, damage);
        byte[] damaged = Files.readAllBytes(file);
        String snapshot = SnapshotNames.snapshotOf(
                        backup.summary().path("manifest").asString())
                .value();

        // when
        Bench.Result snapshots = bench.run("snapshots", "--vault", vault.uri().toString());
        Bench.Result ls = bench.run("ls", snapshot, "--vault", vault.uri().toString());

        // then
        assertThat(snapshots.exitCode())
                .as(snapshots.out() + snapshots.err() + process)
                .isZero();
        assertThat(snapshots.out()).contains(snapshot);
        assertThat(ls.exitCode()).as(ls.out() + ls.err() + process).isZero();
        assertThat(ls.out()).contains("app000000", "app0000" + (OBJECTS - 1));
        assertThat(file).hasBinaryContent(damaged);
    }

    /**
     * H2 notices damage to a page only when it reads that, and takes some of it for values that make no sense; whatever it says, it is
     * told as a failure of the job database, and not as a defect of this program.
     */
    @Test
    void whicheverPageOfTheH2FileIsDamagedItIsToldOrDoesNoHarm(CapturedOutput process) throws IOException {
        // given
        assertThat(backUp().exitCode()).isZero();
        Path file = directory.resolve("data/keyvault-backup.mv.db");
        byte[] whole = Files.readAllBytes(file);
        byte[] noise = new byte[4096];
        new Random(2).nextBytes(noise);
        int told = 0;
        for (int at = 8192; at + noise.length <= whole.length; at += Math.max(noise.length, whole.length / PAGES)) {
            byte[] damaged = whole.clone();
            System.arraycopy(noise, 0, damaged, at, noise.length);
            Files.write(file, damaged);

            // when
            Bench.Result relaunch = backUp();

            // then
            if (relaunch.exitCode() == 0) {
                assertThat(relaunch.out()).startsWith("Already complete");
            } else {
                told += relaunch.err().contains("damaged") ? 1 : 0;
                assertTwoLines(relaunch, "The job database", "is in the store", process);
            }
        }
        assertThat(told).isPositive();
    }

    private static void damage(Path file, Damage damage) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] noise = new byte[(int) channel.size()];
            new Random(1).nextBytes(noise);
            switch (damage) {
                case HEAD -> channel.write(ByteBuffer.wrap(noise, 0, 8192), 0);
                case ALL_BUT_THE_HEAD -> channel.write(ByteBuffer.wrap(noise, 0, noise.length - 8192), 8192);
                case CUT_OFF -> channel.truncate(channel.size() / 2);
            }
        }
    }
}
