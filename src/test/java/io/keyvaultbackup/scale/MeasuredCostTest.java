package io.keyvaultbackup.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a run leaves in PostgreSQL and asks of Blob Storage: what the cost model says it does. */
@Tag("benchmark")
class MeasuredCostTest extends EmulatedVaultTest {

    private static final Instant FIRST_NIGHT = Instant.parse("2026-01-05T03:00:00Z");
    private static final int FEW = 10;
    private static final int MANY = 1_010;
    private static final int SETTLED = 5;
    private static final int RUNS = 30;

    /** How far a run was, for charts (RunProgressNotes). */
    private static final Set<String> KEPT_FOR_A_WEEK = Set.of("ledger_progress", "ledger_rate");

    private static final CostModel MODEL = CostModel.MEASURED;

    @BeforeEach
    void skipTime() {
        bench.with(SkippingTime.class);
        vault = emulator.vault(VaultSettings.of("measured").withClock(SkippingTime.CLOCK));
    }

    private Bench.Result night(int number) {
        SkippingTime.skip(Duration.ofHours(1));
        Bench.Result result = bench.backUp(
                vault,
                "--scheduled-for",
                FIRST_NIGHT.plus(number, ChronoUnit.DAYS).toString());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private void nights(int first, int end) {
        for (int number = first; number < end; number++) {
            night(number);
        }
    }

    @Test
    void runsLeaveTheRowsOfTheModelInTheDatabase() {
        // given a vault of few objects, once the rows of objects are let go as others come, and many nights later
        bench.onDatabase(Postgres.shared().newDatabase());
        vault.secrets("app", FEW);
        nights(0, SETTLED);
        DatabaseRows settled = DatabaseRows.read(bench.jdbc());
        nights(SETTLED, SETTLED + RUNS);
        DatabaseRows more = DatabaseRows.read(bench.jdbc()).since(settled).without(KEPT_FOR_A_WEEK);

        // and one of many
        bench.onDatabase(Postgres.shared().newDatabase()).set("keyvault-backup.store.directory", directory + "/many");
        vault = emulator.vault(VaultSettings.of("many").withClock(SkippingTime.CLOCK));
        vault.secrets("app", MANY);
        nights(0, 3);
        DatabaseRows many = DatabaseRows.read(bench.jdbc());

        // then
        print("per run", more, RUNS);
        print("with many objects", many, 1);
        double rows = more.rows() / (double) RUNS;
        double bytes = more.content() / (double) RUNS;
        DatabaseRows.Table objects = Objects.requireNonNull(many.tables().get("ledger_object"));
        double kept = (double) objects.rows() / MANY;
        double bytesOfObject = (double) objects.bytes() / objects.rows();
        System.out.printf(
                Locale.ROOT,
                "a run leaves %.1f rows, %.0f bytes; an object %.1f rows of %.0f bytes each%n",
                rows,
                bytes,
                kept,
                bytesOfObject);
        assertThat(rows).isCloseTo(MODEL.rowsOfRun(), withinPercentage(5));
        assertThat(bytes).isCloseTo(MODEL.bytesOfRun(), withinPercentage(15));
        assertThat(kept).isEqualTo(MODEL.runsWithObjects());
        assertThat(bytesOfObject).isCloseTo(MODEL.bytesOfObjectRow(), withinPercentage(10));
    }

    private static void print(String what, DatabaseRows rows, int runs) {
        rows.tables().forEach((name, table) -> {
            if (table.rows() > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: %s %.2f rows, %.0f bytes%n",
                        what,
                        name,
                        (double) table.rows() / runs,
                        (double) table.content() / runs);
            }
        });
    }

    @Test
    void nightsChangeTheRowsAndWriteTheLogOfTheModel() {
        bench.onDatabase(Postgres.shared().newDatabase());
        vault.secrets("app", FEW);
        nights(0, 3);
        Changes ofFew = changesOf(3);
        vault.secrets("more", MANY - FEW);
        nights(4, 7);
        Changes ofMany = changesOf(7);

        double changes = (ofMany.rows() - ofFew.rows()) / (double) (MANY - FEW);
        double log = (ofMany.log() - ofFew.log()) / (double) (MANY - FEW);
        System.out.printf(
                Locale.ROOT,
                "a usual night changes %d rows of a run, and %.1f rows an object, with %.0f bytes of log%n",
                ofFew.rows(),
                changes,
                log);
        assertThat((double) ofFew.rows()).isCloseTo(MODEL.changesOfRun(), withinPercentage(30));
        assertThat(changes).isCloseTo(MODEL.changesOfObject(), withinPercentage(10));
        assertThat(log).isCloseTo(MODEL.logOfObject(), withinPercentage(30));
    }

    private record Changes(long rows, long log) {}

    private Changes changesOf(int number) {
        Changes before = changes();
        night(number);
        Changes after = changes();
        return new Changes(after.rows() - before.rows(), after.log() - before.log());
    }

    private Changes changes() {
        return new Changes(
                bench.jdbc()
                        .sql("SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")
                        .query(Long.class)
                        .single(),
                bench.jdbc()
                        .sql("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
                        .query(Long.class)
                        .single());
    }

    private record Requests(long writes, long lists, long reads) {
        static Requests of(FaultyWay way) {
            List<String> gets = way.paths("GET");
            long lists = gets.stream()
                    .filter(path -> path.chars().filter(one -> one == '/').count() == 2)
                    .count();
            return new Requests(
                    way.paths("PUT").size() + way.paths("POST").size(),
                    lists,
                    gets.size() - lists + way.paths("HEAD").size());
        }

        Requests since(Requests before) {
            return new Requests(writes - before.writes, lists - before.lists, reads - before.reads);
        }
    }

    @Test
    void runsAskTheStoreWhatTheModelSays() {
        Azurite.Container container = Azurite.shared().newContainer();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.onContainer(Azurite.connectionString(way.url()), container.name());
            vault.secrets("app", FEW);

            // when
            night(0);
            Requests full = Requests.of(way);
            for (int number = 1; number < 7; number++) {
                night(number);
            }
            Requests before = Requests.of(way);
            Bench.Result result = night(7);
            Requests usual = Requests.of(way).since(before);
            long copied = result.outcomes().getOrDefault("BACKED_UP", 0L);

            // then
            System.out.println("full " + full + ", usual " + usual + ", of them copies " + copied);
            assertThat(full.writes() - FEW).isBetween(1L, (long) MODEL.writesOfRun());
            assertThat(usual.writes() - copied).isBetween(1L, (long) MODEL.writesOfRun());
            assertThat(usual.lists()).isBetween(1L, (long) MODEL.listsOfRun());
            assertThat(usual.reads()).isBetween(1L, (long) MODEL.readsOfRun());
        }
    }

    @Test
    void anObjectTakesTheBytesOfTheModelInAManifest() {
        vault.secrets("app", FEW);
        long few = manifestBytes(night(0));
        vault.secrets("more", MANY - FEW);
        long many = manifestBytes(night(1));

        double bytes = (many - few) / (double) (MANY - FEW);
        System.out.printf(Locale.ROOT, "an object has %.0f bytes of a manifest%n", bytes);
        assertThat(bytes).isCloseTo(MODEL.bytesOfManifestEntry(), withinPercentage(10));
    }

    private long manifestBytes(Bench.Result night) {
        Map<String, byte[]> blobs = bench.blobs();
        String name = night.summary().path("manifest").asString();
        return Objects.requireNonNull(blobs.get(name)).length;
    }
}
