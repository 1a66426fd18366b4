package io.keyvaultbackup.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an object costs in time of the processor, of the program with the manifests' JVM options and of PostgreSQL: the difference of a vault of few and one of many objects, each in a
 * process of its own, so that starts drop out. To Azurite, over plain HTTP. Linux only; some two minutes.
 */
@Tag("benchmark")
class ProcessorCostTest extends EmulatedVaultTest {

    private static final int FEW = 1_000;
    private static final int MANY = Integer.getInteger("scale.objects", 11_000);
    private static final double COPIED = 1.0 / 7;
    private static final double TICKS_PER_SECOND = 100;

    private record Cost(double program, double database) {
        Cost perThousand(Cost few) {
            return new Cost(
                    (program - few.program) * 1_000 / (MANY - FEW), (database - few.database) * 1_000 / (MANY - FEW));
        }
    }

    private record Nights(Cost full, Cost usual) {}

    @Test
    void anObjectCostsWhatTheModelSays() throws Exception {
        Nights few = nights(FEW);
        Nights many = nights(MANY);

        Cost full = many.full().perThousand(few.full());
        Cost usual = many.usual().perThousand(few.usual());
        double copied = (full.program() - usual.program()) / (1 - COPIED);
        double listed = full.program() - copied;
        System.out.printf(
                Locale.ROOT,
                "seconds of the processor per 1,000: program full %.2f, usual %.2f (copied %.2f, listed %.2f); database full"
                        + " %.2f, usual %.2f; a run of %d: %.2f and %.2f%n",
                full.program(),
                usual.program(),
                copied,
                listed,
                full.database(),
                usual.database(),
                FEW,
                few.full().program(),
                few.usual().program());
        assertThat(copied).isCloseTo(CostModel.MEASURED.processorOfThousandCopies(), withinPercentage(50));
        assertThat(listed).isCloseTo(CostModel.MEASURED.processorOfThousandListed(), withinPercentage(50));
        assertThat(full.database()).isCloseTo(CostModel.MEASURED.databaseOfThousand(), withinPercentage(50));
    }

    private Nights nights(int objects) throws IOException, InterruptedException {
        Path place = Files.createDirectory(directory.resolve("objects-" + objects));
        Bench own = new Bench(place, emulator)
                .set("keyvault-backup.budget", "1000000")
                .onContainer(Azurite.shared().newContainer(), "rawdl")
                .onDatabase(Postgres.shared().newDatabase());
        vault = emulator.vault("objects-" + objects);
        vault.secrets("app", objects);
        run(place, own, "2026-01-04T03:00:00Z", false); // so that nothing is made for the first time
        Thread.sleep(3_000); // as real changes, hours before the run
        Cost full = run(place, own, "2026-01-05T03:00:00Z", true);
        return new Nights(full, run(place, own, "2026-01-06T03:00:00Z", false));
    }

    private Cost run(Path place, Bench own, String night, boolean all) throws IOException, InterruptedException {
        double before = database(own);
        OwnProcess process = new OwnProcess(place, emulator, own).inHeapOf("256m");
        process.options(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        OwnProcess.Running running = all
                ? process.start("backup", "--full", "--vault", vault.uri().toString(), "--scheduled-for", night)
                : process.start("backup", "--vault", vault.uri().toString(), "--scheduled-for", night);
        double program = 0;
        do {
            program = Math.max(program, seconds(running.process().toHandle(), 2));
        } while (!running.process().waitFor(20, TimeUnit.MILLISECONDS));
        Bench.Result result = running.await();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        Thread.sleep(500); // its connections' processes end
        return new Cost(program, database(own) - before);
    }

    /** Of PostgreSQL's processes, those among them that have ended. */
    private static double database(Bench own) {
        long backend =
                own.jdbc().sql("SELECT pg_backend_pid()").query(Long.class).single();
        ProcessHandle server =
                ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
        return Stream.concat(Stream.of(server), server.children())
                .mapToDouble(process -> seconds(process, 4))
                .sum();
    }

    /** Of these fields from the 14th on: user and system, and those of processes that it waited for. */
    private static double seconds(ProcessHandle process, int fields) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            String[] all = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 11; field < 11 + fields; field++) {
                ticks += Long.parseLong(all[field]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException gone) {
            return 0;
        }
    }
}
