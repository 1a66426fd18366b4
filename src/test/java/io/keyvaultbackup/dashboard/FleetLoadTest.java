package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.testservices.Postgres;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The fleet's page with a thousand vaults that were backed up each night for a year, 20 times a second, while each of their last two runs has 500 objects in
 * the ledger. Requests begin at their time, whether or not those before have ended. A minute of it: {@code -Dfleet-load.seconds=60}.
 */
@Tag("alone")
class FleetLoadTest extends EmulatedVaultTest {

    private static final int SECONDS = Integer.getInteger("fleet-load.seconds", 20);
    private static final int A_SECOND = 20;
    private static final int WARMING_UP = 200;
    private static final long BOUND_MILLIS = 300;

    private static final List<String> PAGES = List.of(
            "/fleet",
            "/fleet/rows?sort=age&page=7",
            "/fleet?q=team-04&sort=latest",
            "/fleet",
            "/fleet/rows?standing=too_old");

    private static final String OBJECTS_READ =
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'ledger_object'";

    private Postgres.Database database;

    @BeforeEach
    void aYearOfAThousandVaults() {
        database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        assertThat(bench.run("runs").exitCode()).isZero();
        for (String statement : filling()) {
            bench.jdbc().sql(statement).update();
        }
        FilledLedger.countVaults(bench.jdbc());
        bench.jdbc().sql("ANALYZE").update();
    }

    /** In each night one vault of 50 is not complete; every 20th vault has had none that is for a week. */
    private static List<String> filling() {
        String nights = "SELECT 'v' || vault || '-' || night AS id, 'https://team-' || lpad(vault::text, 4, '0')"
                + " || '.vault.azure.net' AS uri, date_trunc('hour', now()) - interval '9 hours' - night * interval '1 day' AS at,"
                + " CASE WHEN (vault * 7 + night * 13) % 50 = 0 OR (vault % 20 = 0 AND night < 7) THEN 'INCOMPLETE' ELSE 'COMPLETE' END AS status,"
                + " night FROM generate_series(0, 999) AS vault, generate_series(0, 364) AS night";
        return List.of(
                "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs, selection, status)"
                        + " SELECT id, uri, at, 'secret', '', '', 'all', status FROM (" + nights + ") n",
                "INSERT INTO ledger_summary (snapshot_id, vault_uri, scheduled_for, status, executions, started_at, ended_at,"
                        + " manifest, units_spent, throttles, objects_kept, objects, backed_up, unchanged, covered, excluded, deleted,"
                        + " failed, pending, by_kind, bytes, bytes_copied, most_versions, near_limit, retries, reasons)"
                        + " SELECT id, uri, at, status, 1, at, at + interval '90 seconds', 'manifest', 700, 0, night < 2, 500, 12, 486,"
                        + " 0, 0, 0, 2, 0, '{\"SECRET\":{\"BACKED_UP\":10,\"UNCHANGED\":386,\"FAILED\":2},\"KEY\":{\"BACKED_UP\":2,\"UNCHANGED\":100}}',"
                        + " 900000, 20000, 41, 0, 1, '{\"THROTTLED\":2}' FROM (" + nights + ") n",
                "INSERT INTO ledger_object (snapshot_id, kind, name, managed, enabled, tags, outcome, execution, attempts, version_count)"
                        + " SELECT id, 'SECRET', 'app' || object, false, true, '{}', 'UNCHANGED', 1, 1, 3 FROM ("
                        + nights
                        + ") n, generate_series(1, 500) AS object WHERE night < 2");
    }

    /** One test, since a year takes half a minute to write. */
    @Test
    void ninetyFiveOfAHundredPagesComeWithin300MillisecondsAndAnIndexServesEachListOfRuns() {
        anIndexServesEachListOfRuns();
        try (Browsing browsing = Browsing.of(bench.serve())) {
            // given
            assertThat(browsing.text("/fleet"))
                    .contains("60 of 1,000 vaults need attention.", "1 to 50 of 1,000 vaults");
            for (int request = 0; request < WARMING_UP; request++) { // the JVM is new, a dashboard's is not
                browsing.page(PAGES.get(request % PAGES.size()));
            }
            awaitStatistics(0, 0);
            long objectsRead = count(OBJECTS_READ);
            long scans = count("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'ledger_summary'");

            // when
            List<Duration> times = load(browsing, PAGES, SECONDS * A_SECOND);
            List<Duration> ofVaults = load(
                    browsing,
                    List.of(
                            "/vaults/team-0007.vault.azure.net",
                            "/api/v1/vaults/team-0420.vault.azure.net/runs",
                            "/api/v1/runs"),
                    5 * A_SECOND);

            // then
            print("fleet, " + SECONDS + " s", times);
            print("a vault and lists of runs", ofVaults);
            assertThat(percentile(times, 95).toMillis()).isLessThan(BOUND_MILLIS);
            awaitStatistics(60, 30);
            assertThat(count("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'ledger_summary'"))
                    .as("no list of runs reads all runs")
                    .isEqualTo(scans);
            assertThat(count(OBJECTS_READ))
                    .as("nobody reads objects to show vaults")
                    .isEqualTo(objectsRead);
        }
    }

    /** The statistics of what a connection has done come about a second later. */
    private void awaitStatistics(long ofVaults, long ofFleet) {
        for (int tries = 0; tries < 100 && (used("by_vault") < ofVaults || used("by_time") < ofFleet); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        assertThat(used("by_vault")).isGreaterThanOrEqualTo(ofVaults);
        assertThat(used("by_time")).isGreaterThanOrEqualTo(ofFleet);
    }

    private long used(String index) {
        return count("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'ledger_summary_" + index + "'");
    }

    private long count(String sql) {
        return bench.jdbc().sql(sql).query(Long.class).single();
    }

    private void anIndexServesEachListOfRuns() {
        String page = " ORDER BY scheduled_for DESC, snapshot_id DESC LIMIT 31";
        String behind =
                " scheduled_for <= now() - interval '90 days' AND (scheduled_for < now() - interval '90 days' OR snapshot_id < 'v7')";

        assertThat(plan("SELECT * FROM ledger_vault ORDER BY vault_uri"))
                .contains("ledger_vault")
                .doesNotContain("ledger_summary", "ledger_object");
        assertThat(plan("SELECT * FROM ledger_summary WHERE vault_uri IN ('https://team-0007.vault.azure.net')" + page))
                .contains("Index Scan Backward using ledger_summary_by_vault")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("SELECT * FROM ledger_summary WHERE vault_uri IN ('https://team-0007.vault.azure.net') AND"
                        + behind + page))
                .contains("Index Scan Backward using ledger_summary_by_vault")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("SELECT * FROM ledger_summary WHERE 1 = 1" + page))
                .contains("Index Scan Backward using ledger_summary_by_time")
                .doesNotContain("Seq Scan");
        assertThat(plan("SELECT * FROM ledger_summary WHERE 1 = 1 AND" + behind + page))
                .contains("Index Scan Backward using ledger_summary_by_time")
                .doesNotContain("Seq Scan");
    }

    private String plan(String sql) {
        String plan = String.join(
                "\n",
                bench.jdbc()
                        .sql("EXPLAIN (ANALYZE, TIMING OFF) " + sql)
                        .query(String.class)
                        .list());
        System.err.println("fleet load: " + sql + "\n" + plan);
        return plan;
    }

    private static List<Duration> load(Browsing browsing, List<String> pages, int requests) {
        ConcurrentLinkedQueue<Duration> times = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        long begin = System.nanoTime();
        long step = Duration.ofSeconds(1).toNanos() / A_SECOND;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int request = 0; request < requests; request++) {
                long due = begin + request * step;
                URI address = browsing.served().address(pages.get(request % pages.size()));
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                threads.execute(() -> {
                    int status = browsing.browser().get(address).statusCode();
                    times.add(Duration.ofNanos(System.nanoTime() - due));
                    if (status != 200) {
                        failures.add(address + ": " + status);
                    }
                });
            }
        }
        assertThat(failures).isEmpty();
        assertThat(times).hasSize(requests);
        return times.stream().sorted().toList();
    }

    private static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void print(String what, List<Duration> times) {
        List<String> parts = new ArrayList<>();
        for (int percent : new int[] {50, 95, 99}) {
            parts.add("p" + percent + " " + percentile(times, percent).toMillis() + " ms");
        }
        System.err.printf(
                "fleet load: %s: %d requests, %s, slowest %d ms%n",
                what, times.size(), String.join(", ", parts), times.getLast().toMillis());
    }
}
