package io.keyvaultbackup.reliability;

import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.TokenEndpoint;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;

/**
 * Runs schedules that share their surroundings: one launch works on the vaults of all of them, and relaunches on those that are left,
 * until none is. After each launch nothing may be reported as done that is not; what is complete has to agree.
 */
final class ScheduleGroup implements FaultSchedule.World, AutoCloseable {

    private static final String NIGHT_BEFORE = "2026-11-23T03:00:00Z";
    private static final Duration UNMISTAKABLE = Duration.ofSeconds(5);
    private static final String NIGHT = "2026-11-24T03:00:00Z";

    /** Where a store fails launch after launch, no further vault is begun, so that a vault's turn may come late; 14 were seen with 25 vaults. */
    private static final int MOST_LAUNCHES = 30;

    /** So long after its last use the pool hands a connection out without a look at it (500 ms), and as much again for slow machines. */
    private static final Duration IN_THE_POOL = Duration.ofSeconds(1);

    private static final Set<Integer> HONEST_FAILURES = Set.of(1, 3, 5, 13);
    private static final int INTERRUPTED = 130;
    private static final int HELD = 11;

    private final Surroundings surroundings;
    private final Path directory;
    private final KeyVaultEmulator emulator = KeyVaultEmulator.start();
    private final Bench bench;
    private final Connection control;
    private final JdbcClient jdbc;
    private final KeptBlobs store;
    private final @Nullable FaultyWay way;
    private final String container;
    private final @Nullable BlobContainerClient leases;
    private final Queue<Interruption> interruptions = new ConcurrentLinkedQueue<>();
    private volatile StopSignal stop = new StopSignal();

    /** @param only the schedule whose lease was shaken; null where all that are at work are meant */
    private record Interruption(Instant at, @Nullable FaultSchedule only) {

        boolean meets(FaultSchedule schedule, Instant began, @Nullable Instant ended) {
            boolean late = ended != null && at.isAfter(ended);
            return !late
                    && (only == null ? !at.plus(IN_THE_POOL).isBefore(began) : only == schedule && !at.isBefore(began));
        }
    }

    /** How a schedule went. */
    record Result(
            long seed,
            Surroundings surroundings,
            int launches,
            long objects,
            long backupCalls,
            long callsThatFailed,
            long callsMadeAgain,
            long callsThatMayBeMadeAgain,
            Map<Misfortune, Long> met,
            List<String> misfortunes,
            List<String> problems) {}

    /** Of one schedule, while it goes on. */
    private static final class State {
        private final FaultSchedule schedule;
        private final List<String> problems = new ArrayList<>();
        private int launches;
        private long interruptions;
        private int lastExecution;
        private long failedUploads;
        private long leasesLeft;
        private long leasesRefused;
        private boolean complete;
        private String said = "";

        private State(FaultSchedule schedule) {
            this.schedule = schedule;
        }
    }

    ScheduleGroup(Surroundings surroundings, Path directory) {
        this.surroundings = surroundings;
        this.directory = directory;
        this.bench = new Bench(directory, emulator)
                .with(GroupTime.class)
                .set(GroupTime.GROUP, String.valueOf(surroundings.group()))
                .set("keyvault-backup.threads", String.valueOf(surroundings.threads()))
                .set("keyvault-backup.chunk", String.valueOf(surroundings.chunk()))
                .set("keyvault-backup.overlap-from", String.valueOf(surroundings.overlapFrom()))
                .set("keyvault-backup.azure.response-timeout", FaultSchedule.RESPONSE_TIMEOUT.toMillis() + "ms")
                .set("logging.level.root", "OFF");
        this.control = connect();
        this.jdbc = JdbcClient.create(new SingleConnectionDataSource(control, true));
        if (surroundings.store() == Surroundings.Store.BLOB_STORAGE) {
            Azurite.Container blobs = Azurite.shared().newContainer();
            this.container = blobs.name();
            this.way = new FaultyWay(Azurite.shared().accountUrl());
            bench.without("keyvault-backup.store.directory")
                    .with(QuickBlobStorage.class)
                    .set("keyvault-backup.store.connection-string", Azurite.connectionString(way.url()))
                    .set("keyvault-backup.store.container", container)
                    .set("keyvault-backup.store.lease", "15s");
            this.leases = Azurite.shared().client(container + "-leases");
            this.store = KeptBlobs.inContainer(Azurite.shared().client(container), leases);
        } else {
            this.container = "";
            this.leases = null;
            this.way = null;
            this.store = KeptBlobs.inDirectory(bench.store());
        }
    }

    /** A connection that outlives the program's and the drops, and keeps an H2 file open between launches. */
    private Connection connect() {
        try {
            if (surroundings.database() == Surroundings.Database.POSTGRESQL) {
                Postgres.Database database = Postgres.shared().newDatabase();
                bench.onDatabase(database);
                return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
            }
            String url = "jdbc:h2:file:" + directory.resolve("data") + "/keyvault-backup;MODE=PostgreSQL";
            bench.set("spring.datasource.url", url);
            return DriverManager.getConnection(url, "sa", "");
        } catch (SQLException failed) {
            throw new IllegalStateException("no database for the schedules", failed);
        }
    }

    List<Result> run(List<Long> seeds) {
        List<State> states = seeds.stream()
                .map(seed -> new State(FaultSchedule.of(seed, this, emulator.vault(settings(seed)))))
                .toList();
        numberApart();
        if (surroundings.earlierNight()) {
            backUpTheNightBefore(states);
        }
        states.forEach(state -> state.schedule.prepare());
        for (int launch = 0; launch < MOST_LAUNCHES && !open(states).isEmpty(); launch++) {
            launch(open(states));
        }
        open(states)
                .forEach(state -> state.problems.add(
                        "not complete after " + state.launches + " launches, which said " + state.said));
        return states.stream().map(this::result).toList();
    }

    /**
     * Groups run side by side in one JVM, as programs never do, each with a database of its own: Spring Batch keeps the step executions that are under way in
     * a static map by their ids alone, and would take one group's for another's.
     */
    private void numberApart() {
        bench.run("runs");
        long first = 1 + Math.floorMod(surroundings.group(), 1_000L) * 1_000_000L;
        for (String sequence : List.of("BATCH_STEP_EXECUTION_SEQ", "BATCH_JOB_EXECUTION_SEQ")) {
            jdbc.sql("ALTER SEQUENCE " + sequence + " RESTART WITH " + first).update();
        }
    }

    private void backUpTheNightBefore(List<State> states) {
        GroupTime.skip(surroundings.group(), UNMISTAKABLE);
        Bench.Result result = bench.run(arguments(states, NIGHT_BEFORE));
        for (int launch = 1; launch < MOST_LAUNCHES && result.exitCode() == 3; launch++) {
            result = bench.run(
                    arguments(states, NIGHT_BEFORE)); // a machine that is too busy lets a lease of seconds end
        }
        if (result.exitCode() != 0) {
            throw new IllegalStateException("the night before: " + result.out() + result.err());
        }
        GroupTime.skip(surroundings.group(), UNMISTAKABLE);
        states.forEach(state -> state.schedule.change());
        GroupTime.skip(surroundings.group(), UNMISTAKABLE);
        states.forEach(state -> state.schedule.vault().requests().reset());
    }

    private static String[] arguments(List<State> states, String night) {
        List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--scheduled-for", night));
        states.forEach(state ->
                arguments.addAll(List.of("--vault", state.schedule.vault().uri().toString())));
        return arguments.toArray(String[]::new);
    }

    private VaultSettings settings(long seed) {
        return VaultSettings.of("seed" + seed).withClock(GroupTime.clock(surroundings.group()));
    }

    private static List<State> open(List<State> states) {
        return states.stream().filter(state -> !state.complete).toList();
    }

    private void launch(List<State> states) {
        interruptions.clear();
        stop = bench.nextStop();
        Bench.Result result = bench.run(arguments(states, NIGHT));
        emulator.tokens().reset();
        Map<String, JsonNode> summaries = new LinkedHashMap<>();
        result.lines("summary")
                .forEach(summary -> summaries.put(summary.path("vault").asString(), summary));
        boolean leasesRefused = false;
        for (State state : states) {
            state.launches++;
            leasesRefused |= wasRefusedALease(state);
            state.interruptions += interruptionsOf(state);
            state.schedule.clearTheWay();
            endLeaseThatWasLeft(state);
            check(state, summaries.get(state.schedule.vault().uri().toString()), result);
        }
        boolean allComplete = open(states).isEmpty();
        if (allComplete != (result.exitCode() == 0)
                || (result.exitCode() != 0
                        && !HONEST_FAILURES.contains(result.exitCode())
                        && !(result.exitCode() == INTERRUPTED && stop.isGiven())
                        && !(result.exitCode() == HELD && leasesRefused))) {
            states.forEach(state -> state.problems.add("exit code " + result.exitCode() + " when "
                    + (allComplete ? "everything" : "not everything") + " was complete"));
        }
        for (State state : states) {
            state.said += "\n    launch " + state.launches + said(state, result);
            if (!state.problems.isEmpty()) {
                state.problems.add("the launches said " + state.said);
            }
        }
    }

    /** Whether this launch may take it for somebody else's. */
    private static boolean wasRefusedALease(State state) {
        long refused = state.schedule.met().getOrDefault(Misfortune.LEASE_REFUSED, 0L);
        boolean more = refused > state.leasesRefused;
        state.leasesRefused = refused;
        return more;
    }

    /** Where it could not be given back it ends by itself, after 15 s that nobody waits for here. Everywhere else it has to be given back. */
    private void endLeaseThatWasLeft(State state) {
        long left = state.schedule.leasesLeft();
        if (left > state.leasesLeft) {
            state.leasesLeft = left;
            Shelf.InAzurite.endLease(Objects.requireNonNull(leases).getBlobClient(state.schedule.folder()));
        }
    }

    /** What is about this vault, or about none. */
    private static String said(State state, Bench.Result result) {
        String vault = state.schedule.vault().uri().toString();
        return (result.out() + result.err())
                .lines()
                .filter(line -> line.contains("\"" + vault + "\"") || !line.contains("\"vault\""))
                .collect(Collectors.joining("\n      ", "\n      ", ""));
    }

    private void check(State state, @Nullable JsonNode summary, Bench.Result result) {
        Agreement agreement = new Agreement(jdbc, store, state.schedule.vault(), scheduledFor());
        state.failedUploads += failedUploads(state, result);
        if (summary != null && summary.path("status").asString().equals("COMPLETE")) {
            state.complete = true;
            state.problems.addAll(agreement.disagreements());
            checkCalls(state);
        } else {
            state.problems.addAll(agreement.reportedDoneThatIsNot());
            state.problems.addAll(agreement.manifestThatIsNotSo());
        }
    }

    /** Uploads that failed for good in an execution that was not yet looked at: the call before each was for nothing. */
    private long failedUploads(State state, Bench.Result result) {
        String vault = state.schedule.vault().uri().toString();
        int execution = jdbc.sql("SELECT COALESCE(MAX(e.execution), 0) FROM ledger_execution e JOIN ledger_run r"
                        + " ON r.snapshot_id = e.snapshot_id WHERE r.vault_uri = ? AND r.scheduled_for = ?")
                .params(vault, scheduledFor().atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
        if (execution == state.lastExecution) {
            return 0;
        }
        state.lastExecution = execution;
        return failedRefreshes(vault, result)
                + jdbc.sql("SELECT COUNT(*) FROM ledger_object o JOIN ledger_run r ON r.snapshot_id = o.snapshot_id"
                                + " WHERE r.vault_uri = ? AND r.scheduled_for = ? AND o.execution = ? AND o.outcome = 'FAILED'"
                                + " AND o.reason LIKE 'STORE%'")
                        .params(vault, scheduledFor().atOffset(ZoneOffset.UTC), execution)
                        .query(Long.class)
                        .single();
    }

    /** Of objects that were to be copied anew in their turn, and kept the copy of the night before: they are no failed ones. */
    private long failedRefreshes(String vault, Bench.Result result) {
        return result.lines("error").stream()
                .filter(error -> error.path("vault").asString().equals(vault)
                        && error.path("reason").asString().startsWith("STORE"))
                .map(error -> error.path("object").asString().split("/", 2))
                .filter(object -> object.length == 2)
                .filter(object -> jdbc.sql("SELECT COUNT(*) FROM ledger_object o JOIN ledger_run r ON"
                                        + " r.snapshot_id = o.snapshot_id WHERE r.vault_uri = ? AND r.scheduled_for = ?"
                                        + " AND o.kind = ? AND o.name = ? AND o.outcome = 'UNCHANGED'")
                                .params(
                                        vault,
                                        scheduledFor().atOffset(ZoneOffset.UTC),
                                        object[0].toUpperCase(Locale.ROOT),
                                        object[1])
                                .query(Long.class)
                                .single()
                        > 0)
                .count();
    }

    /** Every backup call that was answered well is one of an object's, but for those that what went wrong has made useless. */
    private void checkCalls(State state) {
        long again = callsMadeAgain(state);
        long most = callsThatMayBeMadeAgain(state);
        boolean deletions = state.schedule.met().getOrDefault(Misfortune.OBJECT_DELETED, 0L) > 0;
        if (again > most || (again < 0 && !deletions)) {
            state.problems.add(again + " backup calls were made again, and at most " + most + " may be");
        }
    }

    private long callsMadeAgain(State state) {
        return state.schedule.vault().requests().count(Operation.BACKUP, 200)
                - state.schedule.metBackups(Misfortune.Cost.ONE_CALL_EACH)
                - backedUp(state);
    }

    /**
     * What was uploaded before an interruption is adopted after it, so the calls that were under way are lost, and no more: a stage's threads. Where uploads
     * fail there is nothing to adopt, and an interruption also hides failures that were not yet recorded, which are one chunk of them besides. The copy of
     * what was deleted after its call is no longer the run's.
     */
    private long callsThatMayBeMadeAgain(State state) {
        boolean uploadsFail = state.schedule.met().entrySet().stream()
                .anyMatch(one -> one.getKey().cost() == Misfortune.Cost.FAILED_UPLOADS && one.getValue() > 0);
        int hidden = uploadsFail ? surroundings.chunk() : 0;
        return state.failedUploads
                + state.schedule.met().getOrDefault(Misfortune.OBJECT_DELETED, 0L)
                + state.schedule.metBackups(Misfortune.Cost.PERHAPS_ONE_CALL_EACH)
                + state.interruptions * (surroundings.threads() + hidden);
    }

    private long backedUp(State state) {
        return jdbc.sql("SELECT COUNT(*) FROM ledger_object o JOIN ledger_run r ON r.snapshot_id = o.snapshot_id"
                        + " WHERE r.vault_uri = ? AND r.scheduled_for = ? AND o.outcome = 'BACKED_UP'")
                .params(state.schedule.vault().uri().toString(), scheduledFor().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    private Result result(State state) {
        FaultSchedule schedule = state.schedule;
        long calls = schedule.vault().requests().count(Operation.BACKUP);
        long again = callsMadeAgain(state);
        return new Result(
                schedule.seed(),
                surroundings,
                state.launches,
                schedule.vault().objects().size(),
                calls,
                calls - again - backedUp(state),
                again,
                callsThatMayBeMadeAgain(state),
                schedule.met(),
                schedule.misfortunes(),
                state.problems);
    }

    // What schedules do harm to

    @Override
    public Surroundings surroundings() {
        return surroundings;
    }

    @Override
    public Instant scheduledFor() {
        return Instant.parse(NIGHT);
    }

    @Override
    public TokenEndpoint tokens() {
        return emulator.tokens();
    }

    @Override
    public Path directory() {
        return bench.store();
    }

    @Override
    public FaultyWay way() {
        return Objects.requireNonNull(way, "only Blob Storage has a way to it");
    }

    @Override
    public String container() {
        return container;
    }

    @Override
    public void shakeLease(FaultSchedule schedule) {
        interruptions.add(new Interruption(Instant.now(), schedule));
    }

    @Override
    public synchronized void dropDatabase() {
        interruptions.add(new Interruption(Instant.now(), null));
        String drop = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()";
        try (Statement statement = control.createStatement()) {
            statement.execute(drop);
        } catch (SQLException failed) {
            throw new IllegalStateException("the connections could not be dropped", failed);
        }
    }

    @Override
    public synchronized void stop() {
        interruptions.add(new Interruption(Instant.now(), null));
        stop.give();
    }

    /**
     * How many executions of this launch were interrupted: 1, or 0. Whatever harms an execution ends it, so that it counts once, however much goes wrong while it ends;
     * and one that came to its seal has recorded all its calls, so that it was not harmed. Vaults go side by side, so a stop or a drop meets all that are at
     * work, and a little later a connection that was dropped may still be in the pool; a renewal that fails meets its own vault's.
     */
    private long interruptionsOf(State state) {
        return jdbc
                .sql(
                        "SELECT e.started_at, e.ended_at FROM ledger_execution e JOIN ledger_run r ON r.snapshot_id = e.snapshot_id"
                                + " WHERE r.vault_uri = ? AND r.scheduled_for = ? AND e.execution > ?"
                                + " AND e.status NOT IN ('COMPLETE', 'INCOMPLETE')")
                .params(
                        state.schedule.vault().uri().toString(),
                        scheduledFor().atOffset(ZoneOffset.UTC),
                        state.lastExecution)
                .query((row, number) -> {
                    Instant began = row.getTimestamp("started_at").toInstant();
                    @Nullable Timestamp ended = row.getTimestamp("ended_at");
                    return interruptions.stream()
                            .anyMatch(
                                    one -> one.meets(state.schedule, began, ended == null ? null : ended.toInstant()));
                })
                .list()
                .stream()
                .filter(interrupted -> interrupted)
                .count();
    }

    @Override
    public void close() {
        try {
            control.close();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        } finally {
            emulator.close();
            if (way != null) {
                way.close();
            }
        }
    }

    /** Of all results, how often each misfortune was met. */
    static Map<Misfortune, Long> met(List<Result> results) {
        return results.stream()
                .flatMap(result -> result.met().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        () -> new java.util.EnumMap<>(Misfortune.class),
                        Collectors.summingLong(Map.Entry::getValue)));
    }
}
