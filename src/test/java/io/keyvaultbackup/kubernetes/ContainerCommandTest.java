package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The containers as the manifests start them: arguments, environment, memory and application.yaml, in a process of their own for each pod;
 * other are only the addresses, which are the emulator's, and the store, a directory.
 */
class ContainerCommandTest extends EmulatedVaultTest {

    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";
    private static final String CLIENT_SECRET = "TopSecret~8Q";
    private static final int SECRETS = 200;

    private static Kustomization base;
    private static EntraAuthority authority;

    private EmulatedVault other;
    private EmulatedVault scratch;
    private final Map<String, UUID> uids = new HashMap<>();
    private int pods;

    @BeforeAll
    static void build() {
        base = Kustomization.of(Kustomization.BASE);
        authority = emulator.authority();
        authority.application(CLIENT).secret(CLIENT_SECRET).federated(EntraAuthority.FEDERATION);
    }

    @BeforeEach
    void seed() {
        other = emulator.vault("other");
        scratch = emulator.vault("scratch");
        vault.secrets("app-", SECRETS);
        vault.key("signing");
        vault.certificate("site");
        other.secret("password");
    }

    @Test
    void aNightIsStoppedByADrainAndContinuedByTheJobsNextPodFromTheStoreAlone() throws IOException {
        // given
        String job = jobOfTonight();
        CompletableFuture<OwnProcess.Running> first = new CompletableFuture<>();
        vault.faults()
                .on(Operation.BACKUP, "secret", "app-000005")
                .times(1)
                .before(() -> first.join().terminate());

        // when
        first.complete(start(pod("keyvault-backup", job)));
        Bench.Result stopped = first.join().await();
        Bench.Result continued = run(pod("keyvault-backup", job));

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(continued.exitCode()).as(continued.out() + continued.err()).isZero();
        assertThat(continued.lines("summary"))
                .hasSize(2)
                .allSatisfy(summary ->
                        assertThat(summary.path("scheduled_for").asString()).isEqualTo(timeOf(job)));
        assertThat(snapshotOf(continued)).isEqualTo(snapshotOf(stopped));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 2);
    }

    @Test
    void theSameJobAgainFindsItsRunDoneAndAJobThatIsMadeByHandIsARunOfItsOwn() throws IOException {
        String job = jobOfTonight();

        Bench.Result night = run(pod("keyvault-backup", job));
        Bench.Result again = run(pod("keyvault-backup", job));
        Bench.Result byHand = run(pod("keyvault-backup", "by-hand"));

        assertThat(List.of(night, again, byHand))
                .allSatisfy(ended -> assertThat(ended.exitCode())
                        .as(ended.out() + ended.err())
                        .isZero());
        assertThat(snapshotOf(again)).isEqualTo(snapshotOf(night));
        assertThat(snapshotOf(byHand)).isNotEqualTo(snapshotOf(night));
        assertThat(vault.requests().count(Operation.BACKUP)).isLessThan(2 * SECRETS);
    }

    /** A limit that the kernel enforces would end the pod; here it is only measured. */
    @Test
    void aNightStaysWithinTheMemoryOfItsContainer() throws Exception {
        // given
        vault.secrets("more-", 2_000);
        Pod pod = pod("keyvault-backup", jobOfTonight());

        // when
        OwnProcess.Running running = start(pod);
        long most = mostMemoryOf(running);

        // then
        assertDone(running.await());
        assertThat(most).isBetween(1L, pod.memory() - 1);
    }

    private static long mostMemoryOf(OwnProcess.Running running) throws InterruptedException {
        Path status = Path.of("/proc/" + running.process().pid() + "/status");
        long most = 0;
        while (running.process().isAlive()) {
            most = Math.max(most, residentBytes(status));
            Thread.sleep(50);
        }
        return most;
    }

    @Test
    void thePodsOfAFleetShareANightAndStayWithinTheirMemory() throws Exception {
        // given
        Kustomization fleet = Kustomization.of(Path.of("k8s/overlays/fleet"));
        Postgres.Database database = Postgres.shared().newDatabase();
        Pod pod = Pod.of(
                fleet.cronJob("keyvault-backup"),
                jobOfTonight(),
                UUID.randomUUID(),
                Map.of("url", database.jdbcUrl(), "username", database.user(), "password", database.password()));
        List<EmulatedVault> vaults = List.of(vault, other, scratch);
        vaults.forEach(each -> each.secrets("more-", 700));
        String configuration = pointed(fleet.configuration())
                .replace("https://team-c.vault.azure.net", scratch.uri().toString());

        // when
        OwnProcess.Running first = start(pod, configuration);
        OwnProcess.Running second = start(pod, configuration);
        long most = mostMemoryOf(first);

        // then
        assertDone(first.await());
        assertDone(second.await());
        assertThat(Stream.of(first, second).flatMap(each -> each.await().lines("summary").stream()))
                .extracting(summary -> summary.path("vault").asString())
                .containsExactlyInAnyOrderElementsOf(
                        vaults.stream().map(each -> each.uri().toString()).toList());
        assertThat(most).isBetween(1L, pod.memory() - 1);
    }

    /** In real time, some minutes. Where a pod has as many vaults side by side as it may, each of them large. */
    @Test
    @Tag("benchmark")
    void fourLargeVaultsAtOnceStayWithinTheMemoryOfAPodOfTheFleet() throws Exception {
        // given
        int secrets = Integer.getInteger("fleet-memory.secrets", 5_000);
        Kustomization fleet = Kustomization.of(Path.of("k8s/overlays/fleet"));
        Postgres.Database database = Postgres.shared().newDatabase();
        Pod pod = Pod.of(
                fleet.cronJob("keyvault-backup"),
                jobOfTonight(),
                UUID.randomUUID(),
                Map.of("url", database.jdbcUrl(), "username", database.user(), "password", database.password()));
        EmulatedVault fourth = emulator.vault("fourth");
        List<EmulatedVault> vaults = List.of(vault, other, scratch, fourth);
        vaults.forEach(each -> each.secrets("more-", secrets));
        String configuration = pointed(fleet.configuration())
                .replace("- https://team-c.vault.azure.net", "- " + scratch.uri() + "\n    - " + fourth.uri());

        // when
        long began = System.nanoTime();
        OwnProcess.Running running = start(pod, configuration);
        long most = mostMemoryOf(running);

        // then
        assertDone(running.await());
        System.out.printf(
                "four vaults of %d secrets at once: %d MiB of %d at most, %d s%n",
                secrets,
                most >> 20,
                pod.memory() >> 20,
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        assertThat(most).isBetween(1L, pod.memory() - 1);
    }

    @Test
    void whatTheOthersDoAfterANight() throws IOException {
        assertDone(run(pod("keyvault-backup", jobOfTonight())));

        assertDone(run(pod("keyvault-backup-verify-1", "any")));
        assertDone(run(pod("keyvault-backup-forget", "any")));
        assertDone(run(pod("keyvault-backup-drill", "any")));
        assertThat(scratch.requests().count(Operation.RESTORE)).isPositive();
    }

    /** As docs/kubernetes.md says it: the template's arguments, replaced. */
    @Test
    void aNightIsFinishedByHand() throws IOException {
        // given a night of which nobody told the Job's pods
        String job = jobOfTonight();
        assertDone(run(pod("keyvault-backup", job)));
        Pod template = pod("keyvault-backup", "by-hand");

        // when
        Bench.Result named = run(template.with("backup", "--json", "--scheduled-for", timeOf(job)));
        Bench.Result retried = run(template.with("retry", "--json"));

        // then
        assertDone(named);
        assertDone(retried);
        assertThat(snapshotOf(named)).isEqualTo(snapshotOf(retried));
    }

    @Test
    void aJobByHandIsStoppedByADrainAndFinishedByItsNextPodFromTheStoreAlone() throws IOException {
        // given
        CompletableFuture<OwnProcess.Running> first = new CompletableFuture<>();
        vault.faults()
                .on(Operation.BACKUP, "secret", "app-000005")
                .times(1)
                .before(() -> first.join().terminate());

        // when
        first.complete(start(pod("keyvault-backup", "by-hand")));
        Bench.Result stopped = first.join().await();
        Bench.Result continued = run(pod("keyvault-backup", "by-hand"));

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertDone(continued);
        assertThat(snapshotOf(continued)).isEqualTo(snapshotOf(stopped));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 2);
    }

    @Test
    void anOperatorsStopIsHonouredByThePodsThatStartAfterItUntilARetry() throws IOException {
        // given a night that a drain has stopped
        String job = jobOfTonight();
        CompletableFuture<OwnProcess.Running> first = new CompletableFuture<>();
        vault.faults()
                .on(Operation.BACKUP, "secret", "app-000005")
                .times(1)
                .before(() -> first.join().terminate());
        first.complete(start(pod("keyvault-backup", job)));
        assertThat(first.join().await().exitCode()).isEqualTo(130);

        // when
        assertDone(run(pod("keyvault-backup", "stop").with(byHand("stop"))));
        long before = vault.requests().total();
        Bench.Result held = run(pod("keyvault-backup", job));

        // then
        assertThat(held.exitCode()).as(held.out() + held.err()).isEqualTo(5); // one of two: no other pod can help
        assertThat(held.out()).contains("because the vaults are needed");
        assertThat(vault.requests().total()).isEqualTo(before);

        // and
        assertDone(run(pod("keyvault-backup", "again").with(byHand("retry"))));
        Bench.Result after = run(pod("keyvault-backup", job));
        assertDone(after);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 2);
    }

    /** In the order in which they stand there; none can be forgotten here. */
    @Test
    void everyCommandThatTheDocumentNamesGoesThrough() throws IOException {
        List<DocumentedCommand> commands = DocumentedCommand.inKubernetesGuide();
        assertThat(commands.stream()
                        .map(DocumentedCommand::arguments)
                        .flatMap(arguments -> arguments.stream().limit(1)))
                .containsExactly("doctor", "backup", "stop", "retry", "snapshots");
        assertThat(commands.stream().map(DocumentedCommand::cronJob)).containsOnly("keyvault-backup");

        for (DocumentedCommand command : commands) {
            assertGoesThrough(command, run(command.in(pod(command.cronJob(), command.job()))));
        }
    }

    /** The same of the fleet's template, by one pod each, as the document's jq has it. */
    @Test
    void everyCommandThatTheDocumentNamesGoesThroughWithTheFleetsTemplateToo() throws IOException {
        // given
        Kustomization fleet = Kustomization.of(Path.of("k8s/overlays/fleet"));
        Postgres.Database database = Postgres.shared().newDatabase();
        Map<String, String> secrets =
                Map.of("url", database.jdbcUrl(), "username", database.user(), "password", database.password());
        String configuration = pointed(fleet.configuration())
                .replace("https://team-c.vault.azure.net", scratch.uri().toString());
        scratch.secret("password");
        List<EmulatedVault> vaults = List.of(vault, other, scratch);

        // when, then
        for (DocumentedCommand command : DocumentedCommand.inKubernetesGuide()) {
            Pod template = Pod.of(fleet.cronJob(command.cronJob()), command.job(), UUID.randomUUID(), secrets);
            Bench.Result ended = start(command.in(template), configuration).await();

            assertGoesThrough(command, ended);
            if (command.arguments().isEmpty()) { // the template's own: a Job by hand that is shared
                assertThat(template.arguments()).contains("--shared");
                assertThat(ended.lines("summary"))
                        .extracting(summary -> summary.path("vault").asString())
                        .containsExactlyInAnyOrderElementsOf(vaults.stream()
                                .map(each -> each.uri().toString())
                                .toList());
            }
        }
    }

    private static void assertGoesThrough(DocumentedCommand command, Bench.Result ended) {
        assertThat(ended.exitCode())
                .as(command + ": " + ended.out() + ended.err())
                .isZero();
    }

    private static String[] byHand(String verb) throws IOException {
        return DocumentedCommand.inKubernetesGuide().stream()
                .map(DocumentedCommand::arguments)
                .filter(arguments ->
                        !arguments.isEmpty() && arguments.getFirst().equals(verb))
                .findFirst()
                .orElseThrow()
                .toArray(String[]::new);
    }

    @Test
    void aTryOutIntoTheClustersAzurite() throws IOException {
        // given
        Kustomization built = Kustomization.of(Path.of("k8s/overlays/azurite-dev"));
        Azurite.Container container = Azurite.shared().newContainer();
        Azurite.shared().client(container.name() + "-leases").createIfNotExists();
        Map<String, String> secrets = Map.of(
                "connection-string",
                container.connectionString(),
                "tenant-id",
                authority.tenant(),
                "client-id",
                CLIENT,
                "client-secret",
                CLIENT_SECRET);
        String configuration =
                pointed(built.configuration()).replace("container: keyvault-backups", "container: " + container.name());

        // when
        Bench.Result result = start(
                        Pod.of(built.cronJob("keyvault-backup"), jobOfTonight(), UUID.randomUUID(), secrets),
                        configuration)
                .await();
        Bench.Result nothingToExtend = start(
                        Pod.of(built.cronJob("keyvault-backup-protect"), "any", UUID.randomUUID(), secrets),
                        configuration)
                .await();

        // then
        assertDone(result);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 2);
        assertDone(nothingToExtend);
        assertThat(nothingToExtend.summary().path("ending_early").asInt(-1)).isZero();
    }

    private Pod pod(String cronJob, String job) {
        UUID uid = uids.computeIfAbsent(job, created -> UUID.randomUUID());
        Pod pod = Pod.of(base.cronJob(cronJob), job, uid, Map.of());
        return pod.with(pod.arguments().stream().map(this::pointed).toArray(String[]::new));
    }

    private OwnProcess.Running start(Pod pod) throws IOException {
        return start(pod, pointed(base.configuration()));
    }

    private Bench.Result run(Pod pod) throws IOException {
        return start(pod).await();
    }

    /** Its place is its own, and gone with it. */
    private OwnProcess.Running start(Pod pod, String configuration) throws IOException {
        Path place = Files.createDirectories(directory.resolve("pod-" + ++pods));
        Files.createDirectories(place.resolve("config"));
        Files.writeString(place.resolve("config/application.yaml"), configuration);
        Path token = Files.writeString(
                place.resolve("token"), authority.federatedToken(EntraAuthority.FEDERATION, Duration.ofHours(1)));
        Bench surroundings = new Bench(place, emulator)
                .without("keyvault-backup.data-directory")
                .without("keyvault-backup.store.directory")
                .without("keyvault-backup.budget")
                .set("keyvault-backup.azure.instance-discovery", "false");
        return new OwnProcess(place, emulator, surroundings)
                .inContainerOf(pod.memory())
                // what the workload identity webhook adds
                .environment(Map.of(
                        "AZURE_CLIENT_ID", CLIENT,
                        "AZURE_TENANT_ID", authority.tenant(),
                        "AZURE_AUTHORITY_HOST", authority.uri().toString(),
                        "AZURE_FEDERATED_TOKEN_FILE", token.toString()))
                .environment(pod.environment())
                .start(pod.arguments().toArray(String[]::new));
    }

    /** At the emulator and a directory instead of Azure. */
    private String pointed(String text) {
        return text.replace("https://team-a.vault.azure.net", vault.uri().toString())
                .replace("https://team-b.vault.azure.net", other.uri().toString())
                .replace("https://team-a-drill.vault.azure.net", scratch.uri().toString())
                .replace(
                        "container-url: https://myaccount.blob.core.windows.net/keyvault-backups",
                        "directory: " + directory.resolve("store"));
    }

    /** The most that it had at any time, or 0 if it has just ended. */
    private static long residentBytes(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }

    private static String jobOfTonight() {
        return "keyvault-backup-" + (Instant.now().getEpochSecond() / 60 - 5);
    }

    private static String timeOf(String job) {
        return Instant.ofEpochSecond(60 * Long.parseLong(job.substring("keyvault-backup-".length())))
                .toString();
    }

    /** Of the first vault. */
    private static String snapshotOf(Bench.Result result) {
        return result.lines("summary").getFirst().path("snapshot").asString();
    }

    private static void assertDone(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }
}
