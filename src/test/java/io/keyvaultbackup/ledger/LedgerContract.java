package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the tests of the ledger share: the two ledgers in a database that Flyway made, and a run of its own for each test. */
abstract class LedgerContract {

    static final Instant READ_AT = Instant.parse("2026-11-24T03:00:01.123456Z");
    static final Instant STARTED = Instant.parse("2026-11-24T03:00:00.654321Z");
    private static final Instant FIRST_SCHEDULE = Instant.parse("2026-11-24T03:00:00Z");
    private static final AtomicInteger RUNS = new AtomicInteger();

    ObjectLedger objects;
    ManagedObjects managed;
    RunLedger runs;
    RunRequest request;
    SnapshotId snapshot;

    /** Only what the ledger needs. */
    @Configuration(proxyBeanMethods = false)
    @Import(LedgerConfiguration.class)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        TransactionAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class
    })
    static class OnlyTheLedger {}

    /** With the application's own application.yaml, and these properties above it. */
    static ConfigurableApplicationContext start(Map<String, String> properties) {
        SpringApplication application = new SpringApplication(OnlyTheLedger.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
    }

    abstract ConfigurableApplicationContext context();

    @BeforeEach
    void beginARun() {
        objects = context().getBean(ObjectLedger.class);
        managed = context().getBean(ManagedObjects.class);
        runs = context().getBean(RunLedger.class);
        request = newRequest(Selection.everything());
        snapshot = request.snapshot();
        runs.begin(request, 1, STARTED);
    }

    static RunRequest newRequest(Selection selection) {
        return new RunRequest(
                VaultAddress.parse("https://team-a.vault.azure.net"),
                FIRST_SCHEDULE.plus(Duration.ofHours(RUNS.incrementAndGet())),
                selection);
    }

    static ObjectId secret(String name) {
        return new ObjectId(ObjectKind.SECRET, name);
    }

    static ObjectId key(String name) {
        return new ObjectId(ObjectKind.KEY, name);
    }

    static ObjectId certificate(String name) {
        return new ObjectId(ObjectKind.CERTIFICATE, name);
    }

    static VaultObject object(ObjectId id, boolean managed) {
        return new VaultObject(
                id,
                new ChangeToken(
                        Instant.parse("2025-01-02T03:04:05Z"),
                        Instant.parse("2025-02-03T04:05:06.123456Z"),
                        false,
                        null,
                        Instant.parse("2031-01-01T00:00:00Z"),
                        Map.of("team", "payments", "größe", "\"1\"\n"),
                        id.kind() == ObjectKind.SECRET ? "größe 数 🔑" : null),
                managed);
    }

    void plan(Outcome outcome, boolean managed, ObjectId... ids) {
        List<PlannedObject> planned = new ArrayList<>();
        for (ObjectId id : ids) {
            planned.add(new PlannedObject(object(id, managed), outcome, READ_AT));
        }
        objects.plan(snapshot, 1, planned);
    }

    static ObjectResult backedUp(ObjectId id) {
        return new ObjectResult(
                id,
                Outcome.BACKED_UP,
                2,
                List.of(),
                new ObjectResult.Blob("vault/" + id + ".1", "v1", 5_000, "ab".repeat(32), READ_AT, READ_AT),
                null);
    }

    static ObjectResult failed(ObjectId id, FailureReason reason) {
        return new ObjectResult(id, Outcome.FAILED, 1, null, null, failure(reason, "The service's words."));
    }

    static Failure failure(FailureReason reason, String message) {
        return new Failure(reason, 500, "Code", message, "request-id", null);
    }

    ObjectResult resultOf(ObjectId id) {
        return rows().stream()
                .map(LedgerObject::result)
                .filter(result -> result.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Outcome outcomeOf(ObjectId id) {
        return resultOf(id).outcome();
    }

    @Nullable
    FailureReason reasonOf(ObjectId id) {
        Failure failure = resultOf(id).failure();
        return failure == null ? null : failure.reason();
    }

    List<LedgerObject> rows() {
        List<LedgerObject> rows = new ArrayList<>();
        objects.forEach(snapshot, rows::add);
        return rows;
    }
}
