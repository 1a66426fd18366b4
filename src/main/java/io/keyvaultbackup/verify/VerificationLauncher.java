package io.keyvaultbackup.verify;

import io.keyvaultbackup.ledger.VerificationLedger;
import io.keyvaultbackup.notification.Event;
import io.keyvaultbackup.notification.News;
import io.keyvaultbackup.notification.Notifications;
import io.keyvaultbackup.notification.Topic;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.LeftExecution;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableReader;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.ReadData;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.VerificationRequest;
import io.keyvaultbackup.snapshot.VerificationResult;
import io.keyvaultbackup.snapshot.Verifications;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.FailureException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;

/** Launches examinations of snapshots, and continues those that did not end. */
final class VerificationLauncher implements Verifications {

    private static final String NAME = "verify";

    /** Copies are some kilobytes; memory and connections, not the store's limits, are what bounds this. */
    private static final int THREADS = 16;

    private static final int CHUNK = 100;
    private static final int HEARTBEAT_SECONDS = 30;

    private final ObjectProvider<BackupStore> stores;
    private final SignatureKey key;
    private final VerificationLedger ledger;
    private final VerifyMeters meters;
    private final Notifications notifications;
    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final JobOperator operator;
    private final Traces traces;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    VerificationLauncher(
            ObjectProvider<BackupStore> stores,
            SignatureKey key,
            VerificationLedger ledger,
            VerifyMeters meters,
            Notifications notifications,
            JobRepository repository,
            PlatformTransactionManager transactions,
            JobOperator operator,
            Traces traces,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.stores = stores;
        this.key = key;
        this.ledger = ledger;
        this.meters = meters;
        this.notifications = notifications;
        this.repository = repository;
        this.transactions = transactions;
        this.operator = operator;
        this.traces = traces;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public VerificationResult verify(VerificationRequest request, RunMonitor monitor, StopSignal stop) {
        Instant startedAt = clock.instant();
        BackupStore store = stores.getObject().ofVault(request.snapshot().vault());
        String id = begin(request, store);
        return traces.execution(NAME, request.snapshot().vault(), id, told -> {
            VerificationResult result = examine(id, request, store, startedAt, monitor, stop);
            told.ended(result.status(), result.status() == VerificationResult.Status.WHOLE);
            return result;
        });
    }

    private VerificationResult examine(
            String id,
            VerificationRequest request,
            BackupStore store,
            Instant startedAt,
            RunMonitor monitor,
            StopSignal stop) {
        JobParameters parameters =
                new JobParametersBuilder().addString("verification", id).toJobParameters();
        LeftExecution.recoverLast(NAME, parameters, repository, clock)
                .ifPresent(last -> LeftExecution.reopen(last, repository));
        Patience patience = new Patience(stopwatch);
        Examination examination = new Examination(request, store, patience, key);
        Reading reading = new Reading(id, request.read(), ledger.read(id));
        Job job = job(examination, reading, new CopyReading(store, patience), monitor, stop);
        JobExecution ended;
        try (ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("verify").factory())) {
            var _ = heartbeat.scheduleWithFixedDelay(
                    () -> ledger.heard(id, clock.instant()), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
            ended = execute(job, parameters);
        }
        boolean stopped = ended.getStatus() == BatchStatus.STOPPED;
        if (!stopped && !ended.getAllFailureExceptions().isEmpty()) { // a stop is among them, as Spring Batch has it
            ledger.leave(id);
            throw understand(ended.getAllFailureExceptions().getFirst());
        }
        List<IntegrityFinding> findings = new ArrayList<>(request.known());
        findings.addAll(examination.findings());
        ledger.findings(id)
                .forEach(found -> findings.add(new IntegrityFinding(
                        IntegrityProblem.valueOf(found.problem()), found.subject(), found.message())));
        findings.addAll(reading.unread);
        findings.sort(Comparator.comparing(
                        (IntegrityFinding finding) -> finding.problem().level())
                .thenComparing(IntegrityFinding::problem)
                .thenComparing(IntegrityFinding::subject));
        List<IntegrityFinding> told = findings.stream().distinct().toList();
        if (!stopped) {
            ledger.told(id, told(told, examination, reading));
        }
        if (stopped || !reading.unread.isEmpty()) {
            ledger.leave(id);
        } else {
            ledger.end(id);
        }
        VerificationResult result = new VerificationResult(
                request,
                stopped,
                told,
                examination.manifests(),
                examination.forgotten(),
                examination.copies().all().size(),
                reading.done,
                Duration.between(startedAt, clock.instant()));
        meters.ended(result);
        tellOf(result, startedAt);
        return result;
    }

    private VerificationLedger.Told told(List<IntegrityFinding> found, Examination examination, Reading reading) {
        return new VerificationLedger.Told(
                clock.instant(),
                found.size(),
                count(found, IntegrityProblem.Level.DAMAGE),
                count(found, IntegrityProblem.Level.UNKNOWN),
                examination.copies().all().size(),
                reading.done);
    }

    /** What was stopped, or not given by the store, says nothing of how the snapshot is, unless damage was found. */
    private void tellOf(VerificationResult result, Instant at) {
        boolean damaged = result.has(IntegrityProblem.Level.DAMAGE);
        if (damaged || !(result.stopped() || result.has(IntegrityProblem.Level.UNKNOWN))) {
            Map<String, Long> findings = new TreeMap<>();
            result.findings()
                    .forEach(finding -> findings.merge(finding.problem().name(), 1L, Long::sum));
            notifications.tell(new News(
                    Topic.VERIFY,
                    result.request().snapshot().vault(),
                    damaged ? Event.DAMAGED : null,
                    at,
                    result.request().snapshot().id().value(),
                    result.request().read().toString(),
                    findings,
                    Map.of()));
        }
    }

    private static int count(List<IntegrityFinding> found, IntegrityProblem.Level level) {
        return (int) found.stream()
                .filter(finding -> finding.problem().level() == level)
                .count();
    }

    private String begin(VerificationRequest request, BackupStore store) {
        StoredManifest manifest = request.snapshot().manifest();
        String subject = subject(request, store);
        Optional<VerificationLedger.Open> open = ledger.open(subject, clock.instant());
        if (open.filter(other -> !other.silent() || !ledger.claim(other, clock.instant()))
                .isPresent()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.HELD,
                    "Snapshot " + request.snapshot().id() + " of "
                            + request.snapshot().vault()
                            + " is being verified by another process, or by one that died less than 2 minutes ago. Wait, and try again.");
        }
        return open.map(VerificationLedger.Open::id)
                .orElseGet(() -> ledger.begin(
                        subject,
                        manifest.name(),
                        request.read().part(),
                        request.read().parts(),
                        clock.instant()));
    }

    /** What was read of another store, or of other bytes, proves nothing of these. */
    private static String subject(VerificationRequest request, BackupStore store) {
        StoredManifest manifest = request.snapshot().manifest();
        MessageDigest digest = Sha256.digest();
        digest.update(String.join(
                        "\n",
                        store.location(),
                        manifest.name(),
                        String.valueOf(manifest.size()),
                        String.valueOf(manifest.sha256()),
                        request.read().toString())
                .getBytes(StandardCharsets.UTF_8));
        return Sha256.text(digest);
    }

    private static RuntimeException understand(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException understood) {
                return understood;
            }
        }
        return new IllegalStateException("The verification failed: " + failed.getMessage(), failed);
    }

    private JobExecution execute(Job job, JobParameters parameters) {
        try {
            return operator.start(job, parameters);
        } catch (Exception failed) {
            throw new IllegalStateException("The verification could not be started: " + failed.getMessage(), failed);
        }
    }

    /** What the second step reads and records; the unread ones are left for another try. */
    private final class Reading {

        private final String id;
        private final ReadData wanted;
        private final Set<String> before;
        private final List<IntegrityFinding> unread = new ArrayList<>();
        private long done;

        Reading(String id, ReadData wanted, Set<String> before) {
            this.id = id;
            this.wanted = wanted;
            this.before = before;
        }

        List<Copy> left(Copies copies) {
            List<Copy> all = copies.all().stream()
                    .filter(copy -> wanted.includes(copy.id()))
                    .toList();
            List<Copy> left =
                    all.stream().filter(copy -> !before.contains(copy.blob())).toList();
            done = (long) all.size() - left.size();
            return left;
        }

        void record(List<? extends CopyReading.Result> results) {
            List<String> blobs = new ArrayList<>();
            List<VerificationLedger.Finding> findings = new ArrayList<>();
            for (CopyReading.Result result : results) {
                if (result.read()) {
                    blobs.add(result.copy().blob());
                    result.findings()
                            .forEach(found -> findings.add(new VerificationLedger.Finding(
                                    found.problem().name(), found.subject(), found.message())));
                } else {
                    unread.addAll(result.findings());
                }
            }
            ledger.record(id, blobs, findings, clock.instant());
            done += blobs.size();
        }
    }

    private Job job(
            Examination examination, Reading reading, CopyReading copyReading, RunMonitor monitor, StopSignal stop) {
        Step examine = new StepBuilder("examine", repository)
                .tasklet(examination, transactions)
                .allowStartIfComplete(true)
                .listener(new StepExecutionListener() {
                    @Override
                    public void beforeStep(org.springframework.batch.core.step.StepExecution step) {
                        monitor.enter(RunMonitor.Phase.EXAMINE);
                    }
                })
                .build();
        Source source = new Source(() -> {
            List<Copy> left = reading.left(examination.copies());
            monitor.planned(left.size());
            monitor.enter(RunMonitor.Phase.READ);
            return left.iterator();
        });
        StoppableReader<CopyReading.Result> reader = new StoppableReader<>(
                Stage.workAhead("read", THREADS, source, copyReading::read), stop, new StopSignal(), () -> {});
        Step read = new StepBuilder("read", repository)
                .<CopyReading.Result, CopyReading.Result>chunk(CHUNK)
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(result -> {
                    monitor.finished(result.findings().isEmpty() ? Outcome.BACKED_UP : Outcome.FAILED);
                    return result;
                })
                .writer(chunk -> reading.record(chunk.getItems()))
                .allowStartIfComplete(true)
                .build();
        return new JobBuilder(NAME, repository)
                .listener(new JobExecutionListener() {
                    @Override
                    public void afterJob(JobExecution execution) {
                        if (!reading.unread.isEmpty() && execution.getStatus() == BatchStatus.COMPLETED) {
                            execution.setStatus(BatchStatus.FAILED); // so that it can be continued
                        }
                    }
                })
                .start(examine)
                .next(read)
                .build();
    }

    /** The copies that are left, known once the first step has ended. For one thread at a time. */
    private static final class Source implements Supplier<@Nullable Copy> {

        private final Supplier<Iterator<Copy>> begin;
        private @Nullable Iterator<Copy> copies;

        Source(Supplier<Iterator<Copy>> begin) {
            this.begin = begin;
        }

        @Override
        public @Nullable Copy get() {
            Iterator<Copy> left = copies == null ? begin.get() : copies;
            copies = left;
            return left.hasNext() ? left.next() : null;
        }
    }
}
