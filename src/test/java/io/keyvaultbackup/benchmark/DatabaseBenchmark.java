package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The same backup with H2 in a file and with PostgreSQL; and what nights leave in PostgreSQL's tables. */
class DatabaseBenchmark {

    private static final double MEBI = 1 << 20;
    private static final String OURS = "relkind = 'r' AND relnamespace = 'public'::regnamespace";

    @TempDir
    private Path directory;

    private int number;

    /** Each run has a database and a store of its own. What H2 does is in the program's CPU time, what PostgreSQL does is not. */
    @Test
    void backsUpWithEither() throws Exception {
        int objects = Integer.getInteger("bench.objects", 10_000) / 2;
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                Part part = new Part("database", "Database: H2 and PostgreSQL")) {
            Program program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
            EmulatedVault vault = emulator.vault("database");
            vault.secrets("app", objects);
            List<Measured> h2 = new ArrayList<>();
            List<Measured> postgres = new ArrayList<>();
            for (int round = 0; round < Part.repetitions(); round++) {
                h2.add(backedUp(program, bench(emulator), vault));
                Bench bench = bench(emulator).onDatabase(Postgres.shared().newDatabase());
                postgres.add(backedUp(program, bench, vault));
                if (round == 0) {
                    bench.withJdbc(database -> tables(part, database, List.of("ledger_object"), 1));
                }
            }
            tell(part, "H2", h2, objects);
            tell(part, "PostgreSQL", postgres, objects);
            part.note(Report.number(objects)
                    + " objects, a directory store, no limit; whole processes, with their start.");
        }
    }

    /** In this process, which is faster; of so few objects that their rows do not count. */
    @Test
    void nightsLeaveRows() throws Exception {
        int nights = Integer.getInteger("bench.nights", 200);
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                Part part = new Part("database-rows", "Database: what " + nights + " nights of a vault leave")) {
            EmulatedVault vault = emulator.vault("nights");
            vault.secrets("app", 5);
            Bench bench = bench(emulator).onDatabase(Postgres.shared().newDatabase());
            Instant first = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(nights, ChronoUnit.DAYS);
            for (int night = 0; night < nights; night++) {
                Instant scheduled = first.plus(night, ChronoUnit.DAYS);
                Bench.Result result = bench.backUp(vault, "--scheduled-for", scheduled.toString());
                if (result.exitCode() != 0) {
                    throw new AssertionError(result.out() + result.err());
                }
            }
            bench.withJdbc(database -> {
                part.figure("all tables", "size, as they are", "MiB", size(database) / MEBI);
                database.sql("VACUUM FULL").update();
                part.figure("all tables", "size, compacted", "MiB", size(database) / MEBI);
                List<String> names = database.sql("SELECT relname FROM pg_class WHERE " + OURS + " ORDER BY relname")
                        .query((row, place) -> String.valueOf(row.getString(1)))
                        .list();
                tables(part, database, names, nights);
            });
            part.note(
                    "5 secrets, nothing changed. Bytes with the indexes; of a table with few rows they are those of its pages."
                            + " All nights are within minutes: ledger_progress and ledger_rate, of which a week is kept, have all of them.");
        }
    }

    private static void tables(Part part, JdbcClient database, List<String> names, int runs) {
        for (String name : names) {
            double rows = database.sql("SELECT COUNT(*) FROM " + name)
                    .query(Double.class)
                    .single();
            if (rows > 0) {
                double bytes = database.sql("SELECT pg_total_relation_size('" + name + "')")
                        .query(Double.class)
                        .single();
                part.figure(name, "rows", "", rows);
                part.figure(name, "rows a run", "", rows / runs);
                part.figure(name, "bytes a row", "", bytes / rows);
                part.figure(name, "bytes a run", "", bytes / runs);
            }
        }
    }

    private static double size(JdbcClient database) {
        return database.sql("SELECT SUM(pg_total_relation_size(oid)) FROM pg_class WHERE " + OURS)
                .query(Double.class)
                .single();
    }

    private static Measured backedUp(Program program, Bench bench, EmulatedVault vault)
            throws IOException, InterruptedException {
        return program.run(
                        bench,
                        program.container(),
                        "backup",
                        "--json",
                        "--vault",
                        vault.uri().toString())
                .succeeded();
    }

    private static void tell(Part part, String of, List<Measured> all, int objects) {
        part.figure(
                of,
                "rate",
                "objects/s",
                all.stream().map(one -> objects / one.seconds()).toList());
        part.figure(
                of,
                "CPU of the program",
                "s",
                all.stream().map(Measured::cpuSeconds).toList());
    }

    private Bench bench(KeyVaultEmulator emulator) throws IOException {
        return new Bench(Files.createDirectories(directory.resolve("run" + ++number)), emulator)
                .set("keyvault-backup.budget", "1000000");
    }
}
