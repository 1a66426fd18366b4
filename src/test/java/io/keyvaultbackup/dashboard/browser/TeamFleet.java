package io.keyvaultbackup.dashboard.browser;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.dashboard.FilledLedger;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.ProtectionLook;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The vaults of a company's teams after a month of nights, as the job database tells of them: of each standing at least one. */
final class TeamFleet {

    private static final int NIGHTS = 30;

    /**
     * @param nights how each of the last nights ended, the newest last, by the status's first letter; empty if there was none
     * @param hours since the newest of them
     * @param reasons of what failed in the newest, as the ledger has them
     */
    record Team(String name, String nights, int hours, int objects, int failed, int versions, String reasons) {

        static Team good(String name, int objects, int versions) {
            return new Team(name, "C".repeat(NIGHTS), 7, objects, 0, versions, "{}");
        }

        VaultAddress vault() {
            return VaultAddress.parse("https://" + name + ".vault.azure.net");
        }
    }

    static final List<Team> TEAMS = List.of(
            Team.good("checkout-prod", 184, 23),
            Team.good("customer-portal", 96, 12),
            new Team("data-platform-prod", "CCCCCCCCCCCCCCICCCCCCCCCCCCCCI", 7, 412, 3, 61, "{\"THROTTLED\":3}"),
            Team.good("data-platform-test", 388, 58),
            Team.good("hr-systems", 41, 9),
            new Team("identity-prod", "C".repeat(NIGHTS), 7, 267, 0, 431, "{}"),
            new Team("logistics-eu", "C".repeat(NIGHTS - 1) + "R", 0, 1180, 0, 14, "{}"),
            new Team("ml-experiments", "CCCCCC", 7, 18, 0, 3, "{}"),
            new Team("mobile-apps", "", 0, 0, 0, 0, "{}"),
            new Team(
                    "payments-prod",
                    "C".repeat(NIGHTS - 3) + "III",
                    7,
                    231,
                    2,
                    77,
                    "{\"TOO_MANY_VERSIONS\":1,\"ROLE_MISSING\":1}"),
            Team.good("payments-test", 229, 75),
            new Team("shared-certificates", "C".repeat(NIGHTS), 7, 57, 0, 18, "{}"),
            new Team("warehouse-legacy", "C".repeat(NIGHTS - 5), 127, 12, 0, 4, "{}"));

    /** Of which an examination found damage. */
    static final String DAMAGED = "shared-certificates";

    /** Which the configuration names no longer. */
    static final String NOT_LISTED = "warehouse-legacy";

    private TeamFleet() {}

    static void fill(Bench bench) {
        bench.with(Immutable.class)
                .set(
                        "keyvault-backup.vaults",
                        TEAMS.stream()
                                .map(Team::name)
                                .filter(name -> !name.equals(NOT_LISTED))
                                .collect(Collectors.joining(",")))
                .set("keyvault-backup.dashboard.schedule", "0 2 * * *")
                .set("keyvault-backup.dashboard.schedule-zone", "Europe/Berlin");
        bench.run("runs"); // makes the tables
        bench.withJdbc(jdbc -> {
            TEAMS.forEach(team -> fill(jdbc, team));
            FilledLedger.countVaults(jdbc);
        });
    }

    /** That many more vaults, as the list of vaults tells of them; nothing is known of their runs. */
    static void fillMore(Bench bench, int vaults) {
        bench.jdbc()
                .sql(
                        "INSERT INTO ledger_vault (vault_uri, latest, latest_for, status, strip, complete, complete_for, complete_started_at,"
                                + " complete_ended_at, complete_as_of, counted, objects, failed, by_kind, reasons, most_versions, near_limit, changed_at)"
                                + " SELECT 'https://team-' || LPAD(CAST(x AS VARCHAR(4)), 4, '0') || '.vault.azure.net', 'r' || x, at, 'COMPLETE',"
                                + " 'CCCC', 'r' || x, at, at, at, at, 'r' || x, 20, 0, '{\"SECRET\":{\"UNCHANGED\":20}}', '{}', 3, 0, at"
                                + " FROM (SELECT x, DATEADD('HOUR', -7, CURRENT_TIMESTAMP) AS at FROM SYSTEM_RANGE(1, ?)) v")
                .param(vaults)
                .update();
    }

    /** What the run that is at work has noted of itself until now: three minutes of it, with a pause that the vault asked for. Which run that is. */
    static String fillRunning(Bench bench) {
        String run = bench.jdbc()
                .sql("SELECT snapshot_id FROM ledger_run WHERE status = 'RUNNING'")
                .query(String.class)
                .single();
        Instant now = Instant.now();
        bench.withJdbc(jdbc -> {
            jdbc.sql(
                            "INSERT INTO ledger_execution (snapshot_id, execution, started_at, status) VALUES (?, 1, ?, 'RUNNING')")
                    .params(run, Timestamp.from(now.minusSeconds(185)))
                    .update();
            long done = 0;
            for (int ago = 18; ago > 0; ago--) {
                jdbc.sql("INSERT INTO ledger_rate VALUES (?, 1, ?, ?, 1, ?, 1)")
                        .params(run, Timestamp.from(now.minusSeconds(ago * 10L)), done, done * 2)
                        .update();
                done += List.of(31, 44, 47, 46, 12, 38, 48).get(ago % 7);
            }
            jdbc.sql(
                            "INSERT INTO ledger_progress VALUES (?, 1, 'backup-29406120-xk2vq', 'BACKUP', 1180, ?, 1, 1180, ?, 120, 1, 4.1, ?)")
                    .params(run, done, done * 2, Timestamp.from(now))
                    .update();
        });
        return run;
    }

    private static void fill(JdbcClient jdbc, Team team) {
        Instant newest = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(team.hours()));
        for (int night = 0; night < team.nights().length(); night++) {
            int ago = team.nights().length() - 1 - night;
            run(jdbc, team, newest.minus(Duration.ofDays(ago)), team.nights().charAt(night), ago == 0);
        }
        if (!team.nights().isEmpty()) {
            examination(
                    jdbc, team, newest.minus(Duration.ofHours(40)), team.name().equals(DAMAGED) ? 2 : 0);
        }
    }

    private static void run(JdbcClient jdbc, Team team, Instant at, char status, boolean newest) {
        String id = SnapshotId.of(team.vault(), at).value();
        String words = List.of("COMPLETE", "INCOMPLETE", "RUNNING", "FAILED").stream()
                .filter(one -> one.charAt(0) == status)
                .findFirst()
                .orElseThrow();
        boolean running = words.equals("RUNNING");
        int failed = newest ? team.failed() : words.equals("INCOMPLETE") ? 1 : 0;
        int copied = Math.max(1, team.objects() / 19);
        jdbc.sql(
                        "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs, selection, status)"
                                + " VALUES (?, ?, ?, 'SECRET,KEY,CERTIFICATE', '[]', '[]', 'all', ?)")
                .params(id, team.vault().toString(), Timestamp.from(at), words)
                .update();
        jdbc.sql(
                        "INSERT INTO ledger_summary (snapshot_id, vault_uri, scheduled_for, status, executions, started_at, ended_at,"
                                + " consistent_as_of, manifest, units_spent, throttles, objects_kept, objects, backed_up, unchanged, covered, excluded,"
                                + " deleted, failed, pending, by_kind, bytes, bytes_copied, most_versions, near_limit, retries, reasons)"
                                + " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, TRUE, ?, ?, ?, 0, 0, 0, ?, 0, ?, ?, ?, ?, ?, 0, ?)")
                .params(values(
                        id,
                        team.vault().toString(),
                        Timestamp.from(at),
                        words,
                        Timestamp.from(at),
                        running ? null : Timestamp.from(at.plusSeconds(40L + team.objects() / 3)),
                        words.equals("COMPLETE") ? Timestamp.from(at.plusSeconds(9)) : null,
                        words.equals("COMPLETE") ? team.vault().storeName() + "/manifests/" + id + ".json.gz" : null,
                        team.objects() * 2,
                        failed * 7,
                        team.objects(),
                        copied,
                        team.objects() - copied - failed,
                        failed,
                        kinds(team.objects(), copied, failed),
                        team.objects() * 5_300L,
                        copied * 5_300L,
                        team.versions(),
                        team.versions() >= 400 ? 1 : 0,
                        newest ? team.reasons() : failed > 0 ? "{\"THROTTLED\":1}" : "{}"))
                .update();
    }

    private static List<@Nullable Object> values(@Nullable Object... values) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object value : values) {
            list.add(value);
        }
        return list;
    }

    private static String kinds(int objects, int copied, int failed) {
        int keys = objects / 6;
        int certificates = objects / 9;
        return "{\"SECRET\":{\"BACKED_UP\":%d,\"UNCHANGED\":%d,\"FAILED\":%d},\"KEY\":{\"UNCHANGED\":%d},\"CERTIFICATE\":{\"UNCHANGED\":%d}}"
                .formatted(copied, objects - copied - failed - keys - certificates, failed, keys, certificates);
    }

    private static void examination(JdbcClient jdbc, Team team, Instant at, int damage) {
        jdbc.sql(
                        "INSERT INTO ledger_verification (verification_id, subject, manifest, part, parts, started_at, heard_at, ended, folder,"
                                + " told_at, findings, damage, not_given, copies, copies_read) VALUES (?, ?, 'manifest', 1, 1, ?, ?, TRUE, ?, ?, ?, ?, 0, ?, ?)")
                .params(
                        team.name(),
                        team.name(),
                        Timestamp.from(at),
                        Timestamp.from(at),
                        team.vault().storeName(),
                        Timestamp.from(at),
                        damage,
                        damage,
                        team.objects(),
                        team.objects())
                .update();
    }

    /** Stands in for a container with immutability, which neither a directory has nor Azurite; one team's copies are elsewhere. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Immutable {

        @Bean
        @Primary
        ProtectionLook look() {
            return () -> folder -> new SeenProtection(
                    "https://backups.blob.core.windows.net/key-vaults",
                    !folder.startsWith("ml-experiments"),
                    true,
                    false,
                    null);
        }
    }
}
