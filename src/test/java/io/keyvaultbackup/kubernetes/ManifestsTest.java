package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.cli.CommandLineInterface;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobSpec;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyEgressRule;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodFailurePolicyRule;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.util.Yaml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.json.JsonMapper;

/** What is in {@code k8s/}: built as people build it, and read as strictly as a cluster reads it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsTest {

    private static final Pattern EXIT_CODE = Pattern.compile(" {2}(\\d+) +(\\S.*)");

    private Map<String, Kustomization> kustomizations = Map.of();

    @BeforeAll
    void build() {
        kustomizations = new TreeMap<>(Map.of(
                "base", Kustomization.of(Kustomization.BASE),
                "single-vault", Kustomization.of(Path.of("k8s/overlays/single-vault")),
                "fleet", Kustomization.of(Path.of("k8s/overlays/fleet")),
                "azurite-dev", Kustomization.of(Path.of("k8s/overlays/azurite-dev")),
                "postgresql", Kustomization.ofBaseWith("postgresql")));
    }

    Stream<Named<Kustomization>> kustomizations() {
        return kustomizations.entrySet().stream().map(one -> Named.of(one.getKey(), one.getValue()));
    }

    private Kustomization base() {
        return kustomizations.getOrDefault("base", new Kustomization(List.of()));
    }

    @Test
    void theBaseHasAllThatIsScheduled() {
        assertThat(base().all(V1CronJob.class).stream()
                        .map(job -> job.getMetadata().getName()))
                .containsExactlyInAnyOrder(
                        "keyvault-backup",
                        "keyvault-backup-verify-1",
                        "keyvault-backup-verify-2",
                        "keyvault-backup-verify-3",
                        "keyvault-backup-verify-4",
                        "keyvault-backup-drill",
                        "keyvault-backup-protect",
                        "keyvault-backup-forget");
    }

    /** Else none of the others would say anything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: {schedul: '0 3 * * *'}",
                "spec: {jobTemplate: {spec: {backofLimit: 6}}}",
                "spec: {jobTemplate: {spec: {backoffLimit: many}}}",
                "spec: {jobTemplate: {spec: {template: {spec: {containers: {name: a}}}}}}",
                "spec: {jobTemplate: {spec: {template: {spec: {securityContext: {runAsNonRoot: perhaps}}}}}}",
                "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, args: [20]}]}}}}}",
                "spec: {schedule: a, schedule: b}",
                "spec: [suspend]"
            })
    void anUnknownFieldOrAWrongTypeIsRefused(String wrong) {
        String right = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n";

        assertThatThrownBy(() -> StrictYaml.read(right + wrong)).isInstanceOf(Exception.class);
    }

    @Test
    void whatIsRightIsRead() throws IOException {
        assertThat(
                        StrictYaml.read(
                                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {suspend: true, schedule: '0 3 * * *'}\n"))
                .singleElement()
                .isInstanceOf(V1CronJob.class);
    }

    @Test
    void anUnknownKindIsRefused() {
        assertThatThrownBy(() -> StrictYaml.read("apiVersion: batch/v1\nkind: CornJob\nmetadata: {name: a}\n"))
                .isInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everythingIsInTheOneNamespaceWhichAdmitsRestrictedPodsOnly(Kustomization built) {
        V1Namespace namespace = built.all(V1Namespace.class).getFirst();

        assertThat(namespace.getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        for (V1CronJob job : built.all(V1CronJob.class)) {
            assertThat(job.getMetadata().getNamespace())
                    .isEqualTo(namespace.getMetadata().getName());
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyPodIsRestrictedAndItsImageIsNamedByAVersion(Kustomization built) {
        for (V1PodSpec pod : pods(built)) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            for (V1Container container : pod.getContainers()) {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getResources().getLimits()).containsKey("memory");
                assertThat(container.getResources().getRequests()).containsKeys("memory", "cpu");
                assertThat(container.getImage()).matches("[a-z.]+/[a-z/-]+:\\d+\\.\\d+\\.\\d+");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyJobLogsJson(Kustomization built) {
        for (V1CronJob job : built.all(V1CronJob.class)) {
            assertThat(Pod.container(job).getEnv())
                    .filteredOn(variable -> variable.getName().equals("LOGGING_STRUCTURED_FORMAT_CONSOLE"))
                    .singleElement()
                    .satisfies(variable -> assertThat(variable.getValue()).isEqualTo("ecs"));
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void aPodMayWriteWhereTheProgramDoesAndFindsItsConfiguration(Kustomization built) {
        for (V1CronJob job : built.all(V1CronJob.class)) {
            V1Container container = Pod.container(job);
            Map<String, String> mounts = container.getVolumeMounts().stream()
                    .collect(Collectors.toMap(mount -> mount.getMountPath(), mount -> mount.getName()));
            // the defaults of --config and keyvault-backup.data-directory are relative
            String here = container.getWorkingDir();
            assertThat(mounts).containsOnlyKeys(here + "/config", here + "/data", "/tmp");
            assertThat(pod(job).getVolumes().stream().map(V1Volume::getName))
                    .containsExactlyInAnyOrderElementsOf(mounts.values());
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whateverAPodRefersToIsThereOrSaidToBePeoplesOwn(Kustomization built) {
        Set<String> there = built.objects().stream()
                .map(object -> ((KubernetesObject) object).getMetadata().getName())
                .collect(Collectors.toSet());
        Set<String> byHand = Set.of("keyvault-backup-database", "keyvault-backup-application");
        for (V1CronJob job : built.all(V1CronJob.class)) {
            assertThat(there).contains(pod(job).getServiceAccountName());
            for (V1Volume volume : pod(job).getVolumes()) {
                if (volume.getConfigMap() != null) {
                    assertThat(there).contains(volume.getConfigMap().getName());
                }
                if (volume.getPersistentVolumeClaim() != null) {
                    assertThat(there).contains(volume.getPersistentVolumeClaim().getClaimName());
                    assertThat(volume.getEmptyDir()).isNull();
                }
            }
            Pod.container(job).getEnv().stream()
                    .filter(variable -> variable.getValueFrom() != null)
                    .map(variable -> variable.getValueFrom().getSecretKeyRef())
                    .filter(secret -> secret != null)
                    .forEach(secret -> assertThat(there.contains(secret.getName()) || byHand.contains(secret.getName()))
                            .as(secret.getName())
                            .isTrue());
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whoMakesBackupsRemovesNone(Kustomization built) {
        Map<String, String> identities = built.all(V1ServiceAccount.class).stream()
                .collect(Collectors.toMap(
                        account -> account.getMetadata().getName(),
                        account -> account.getMetadata().getAnnotations().get("azure.workload.identity/client-id")));

        assertThat(identities.values()).doesNotHaveDuplicates().hasSize(5);
        for (V1CronJob job : built.all(V1CronJob.class)) {
            String verb = Pod.container(job).getArgs().getFirst();
            assertThat(pod(job).getServiceAccountName())
                    .isEqualTo(verb.equals("backup") ? "keyvault-backup" : "keyvault-backup-" + verb);
            assertThat(labels(job)).containsEntry("azure.workload.identity/use", "true");
        }
    }

    /** Every one has to be made by hand, from the guide's commands, with the roles of the guide's table. */
    @ParameterizedTest
    @MethodSource("kustomizations")
    void theGuideMakesEveryIdentityAndGivesItRoles(Kustomization built) throws IOException {
        String guide = Files.readString(Path.of("docs/kubernetes.md"));
        Matcher made = Pattern.compile("(?m)^for NAME in (.*); do$").matcher(guide);
        assertThat(made.find()).isTrue();
        List<String> identities =
                Pattern.compile(" ").splitAsStream(made.group(1)).toList();

        assertThat(identities)
                .containsExactlyInAnyOrderElementsOf(built.all(V1ServiceAccount.class).stream()
                        .map(account -> account.getMetadata().getName())
                        .toList());
        assertThat(identities)
                .allSatisfy(identity -> assertThat(guide.lines()
                                .filter(line -> line.startsWith("| `" + identity + "` | "))
                                .filter(line -> line.contains("-role.json`") || line.contains("*Storage Blob Data ")))
                        .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whatNoOtherTryCanHelpFailsTheJobAndTheRestIsTriedAgain(Kustomization built) {
        for (V1CronJob job : built.all(V1CronJob.class)) {
            V1JobSpec spec = job.getSpec().getJobTemplate().getSpec();
            assertThat(spec.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
            List<V1PodFailurePolicyRule> rules = spec.getPodFailurePolicy().getRules();
            assertThat(rules.stream().map(V1PodFailurePolicyRule::getAction))
                    .containsExactly("Ignore", isShared(job) ? "FailIndex" : "FailJob");
            assertThat(rules.getFirst().getOnPodConditions())
                    .singleElement()
                    .satisfies(condition -> assertThat(condition.getType()).isEqualTo("DisruptionTarget"));
            assertThat(rules.getLast().getOnExitCodes().getContainerName())
                    .isEqualTo(Pod.container(job).getName());

            Map<Integer, String> again =
                    new TreeMap<>(exitCodes(Pod.container(job).getArgs().getFirst()));
            Map<Integer, String> failed = new TreeMap<>();
            for (int code : rules.getLast().getOnExitCodes().getValues()) {
                String meaning = again.remove(code);
                if (meaning != null) {
                    failed.put(code, meaning);
                }
            }

            assertThat(failed)
                    .containsEntry(2, "wrong usage or configuration; nothing was started")
                    .containsEntry(13, "not authorised; of several vaults, none could be started");
            assertThat(failed.keySet()).isSubsetOf(2, 4, 5, 13);
            assertThat(failed.getOrDefault(4, "damage was found")).startsWith("damage was found");
            assertThat(failed.getOrDefault(5, "no relaunch can help")).contains("no relaunch can help");
            assertThat(again).containsKeys(0, 1, 3, 10, 11);
            assertThat(again.keySet()).isSubsetOf(0, 1, 3, 10, 11, 130);
            assertThat(again.get(3)).contains("a relaunch may help");
            if (Pod.container(job).getArgs().getFirst().equals("protect")) { // ends at once
                assertThat(again).doesNotContainKey(130);
            } else {
                assertThat(again.get(130))
                        .contains("interrupted; the same command")
                        .endsWith("continues it");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void aRunEndsInOrderBeforeAnybodyEndsIt(Kustomization built) {
        Matcher given = Pattern.compile("(?m)^ {2}deadline: (\\S+)$").matcher(built.configuration());
        assertThat(given.find()).isTrue();
        Duration deadline = DurationStyle.detectAndParse(given.group(1));
        for (V1CronJob job : built.all(V1CronJob.class)) {
            Duration all =
                    Duration.ofSeconds(job.getSpec().getJobTemplate().getSpec().getActiveDeadlineSeconds());
            assertThat(all).isGreaterThan(deadline).isLessThan(Duration.ofDays(1));
            assertThat(pod(job).getTerminationGracePeriodSeconds()).isGreaterThan(20);
            assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
            assertThat(job.getSpec().getTimeZone()).isEqualTo("Etc/UTC");
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void nobodyGetsInAndOutGoesWhatIsNeeded(Kustomization built) {
        V1NetworkPolicy policy = built.all(V1NetworkPolicy.class).getFirst();
        boolean database = environmentOf(built.cronJob("keyvault-backup")).contains("SPRING_DATASOURCE_URL");
        boolean azurite = !built.all(V1Deployment.class).isEmpty();

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
        assertThat(policy.getSpec().getEgress().stream()
                        .map(V1NetworkPolicyEgressRule::getPorts)
                        .flatMap(List::stream)
                        .map(port -> port.getPort().getIntValue())
                        .distinct())
                .containsExactlyElementsOf(Stream.of(
                                Stream.of(53, 443),
                                database ? Stream.of(5432) : Stream.<Integer>of(),
                                azurite ? Stream.of(10000) : Stream.<Integer>of())
                        .flatMap(ports -> ports)
                        .toList());
        for (V1CronJob job : built.all(V1CronJob.class)) {
            assertThat(labels(job))
                    .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        }
    }

    @Test
    void theJobDatabaseOfASingleVaultIsKept() {
        Kustomization built = kustomizations.getOrDefault("single-vault", base());

        assertThat(built.all(V1PersistentVolumeClaim.class))
                .singleElement()
                .satisfies(claim -> assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOncePod"));
        assertThat(pod(built.cronJob("keyvault-backup")).getVolumes())
                .anyMatch(volume -> volume.getName().equals("data") && volume.getPersistentVolumeClaim() != null);
    }

    @Test
    void thePodsOfAFleetShareItsVaultsAndNoneEndsTheOthers() {
        Kustomization built = kustomizations.getOrDefault("fleet", base());

        V1CronJob job = built.cronJob("keyvault-backup");
        V1JobSpec spec = job.getSpec().getJobTemplate().getSpec();

        assertThat(Pod.container(job).getArgs())
                .containsExactly("backup", "--json", "--job", "$(JOB_NAME)", "--job-uid", "$(JOB_UID)", "--shared");
        assertThat(environmentOf(job)).contains("SPRING_DATASOURCE_URL", "JOB_NAME");
        assertThat(spec.getCompletionMode()).isEqualTo("Indexed");
        assertThat(spec.getCompletions()).isEqualTo(spec.getParallelism()).isGreaterThan(1);
        assertThat(spec.getBackoffLimitPerIndex()).isPositive();
        assertThat(spec.getBackoffLimit())
                .as("a limit for all would end the others")
                .isNull();
        assertThat(built.all(V1CronJob.class).stream().filter(ManifestsTest::isShared))
                .as("only backups are shared")
                .containsExactly(job);
    }

    /** By the hours of a day: when a night's execution has ended by its deadline, and before anything is forgotten. */
    @ParameterizedTest
    @MethodSource("kustomizations")
    void whatANightNeedsIsExtendedAfterItAndBeforeAnythingIsForgotten(Kustomization built) {
        Matcher given = Pattern.compile("(?m)^ {2}deadline: (\\S+)$").matcher(built.configuration());
        assertThat(given.find()).isTrue();
        Duration backedUp = hourOf(built.cronJob("keyvault-backup")).plus(DurationStyle.detectAndParse(given.group(1)));

        assertThat(hourOf(built.cronJob("keyvault-backup-protect")))
                .isGreaterThanOrEqualTo(backedUp)
                .isLessThan(hourOf(built.cronJob("keyvault-backup-forget")));
    }

    private static Duration hourOf(V1CronJob job) {
        Matcher schedule =
                Pattern.compile("(\\d+) (\\d+) .*").matcher(job.getSpec().getSchedule());
        assertThat(schedule.matches()).isTrue();
        return Duration.ofHours(Long.parseLong(schedule.group(2))).plusMinutes(Long.parseLong(schedule.group(1)));
    }

    private static boolean isShared(V1CronJob job) {
        return "Indexed".equals(job.getSpec().getJobTemplate().getSpec().getCompletionMode());
    }

    @Test
    void thePartsThatAreVerifiedAreTogetherTheWhole() {
        assertThat(base().all(V1CronJob.class).stream()
                        .map(job -> Pod.container(job).getArgs())
                        .filter(arguments -> arguments.getFirst().equals("verify"))
                        .map(List::getLast))
                .containsExactlyInAnyOrder("1/4", "2/4", "3/4", "4/4");
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void theScheduleIsAsTheGuideSaysAndALateStartIsStillOne(Kustomization built) {
        for (V1CronJob job : built.all(V1CronJob.class)) {
            String schedule = job.getSpec().getSchedule();
            assertThat(schedule)
                    .isEqualTo(
                            switch (Objects.requireNonNull(job.getMetadata().getName())) {
                                case "keyvault-backup" -> "0 3 * * *";
                                case "keyvault-backup-verify-1" -> "0 6 1 * *";
                                case "keyvault-backup-verify-2" -> "0 6 8 * *";
                                case "keyvault-backup-verify-3" -> "0 6 15 * *";
                                case "keyvault-backup-verify-4" -> "0 6 22 * *";
                                case "keyvault-backup-drill" -> "0 8 2 * *";
                                case "keyvault-backup-protect" -> "0 9 * * *";
                                case "keyvault-backup-forget" -> "0 10 * * 0";
                                default -> "none";
                            });
            assertThat(job.getSpec().getStartingDeadlineSeconds()).isBetween(600L, 21_600L);
            if (!isShared(job)) {
                assertThat(job.getSpec().getJobTemplate().getSpec().getBackoffLimit())
                        .isPositive();
            }
        }
    }

    /** What docs/kubernetes.md has people do with a template, in jq itself. */
    @ParameterizedTest
    @MethodSource("kustomizations")
    void aCommandByHandIsAJobOfOnePod(Kustomization built) throws IOException {
        // given
        Matcher program = Pattern.compile("(?s)jq '([^']+args = [^']+)' --args -- ")
                .matcher(Files.readString(Path.of("docs/kubernetes.md")));
        assertThat(program.find()).isTrue();
        V1Job template = new V1Job()
                .apiVersion("batch/v1")
                .kind("Job")
                .metadata(new V1ObjectMeta().name("again"))
                .spec(built.cronJob("keyvault-backup")
                        .getSpec()
                        .getJobTemplate()
                        .getSpec());
        Path json = Files.writeString(
                Files.createTempFile("job", ".json"),
                new JsonMapper().writeValueAsString(new org.yaml.snakeyaml.Yaml().load(Yaml.dump(template))));

        // when
        Process jq = new ProcessBuilder("jq", program.group(1), "--args", "--", "retry", "--json")
                .redirectInput(json.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Files.delete(json);

        // then
        assertThat(jq.onExit().join().exitValue()).as(said).isZero();
        V1JobSpec made = ((V1Job) StrictYaml.read(said).getFirst()).getSpec();
        assertThat(made.getTemplate().getSpec().getContainers().getFirst().getArgs())
                .containsExactly("retry", "--json");
        boolean indexed = "Indexed".equals(made.getCompletionMode());
        assertThat(made.getCompletions()).isEqualTo(indexed ? 1 : null);
        assertThat(made.getParallelism()).isEqualTo(indexed ? 1 : null);
        assertThat(made.getPodFailurePolicy()).isEqualTo(template.getSpec().getPodFailurePolicy());
    }

    private static Set<String> environmentOf(V1CronJob job) {
        return Pod.container(job).getEnv().stream()
                .map(variable -> variable.getName())
                .collect(Collectors.toSet());
    }

    private static V1PodSpec pod(V1CronJob job) {
        return job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
    }

    private static Map<String, String> labels(V1CronJob job) {
        return job.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
    }

    private static List<V1PodSpec> pods(Kustomization built) {
        return Stream.concat(
                        built.all(V1CronJob.class).stream().map(ManifestsTest::pod),
                        built.all(V1Deployment.class).stream()
                                .map(deployment ->
                                        deployment.getSpec().getTemplate().getSpec()))
                .toList();
    }

    /** What the verb's own help says of them. */
    private static Map<Integer, String> exitCodes(String verb) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(CommandLineInterface.on(stream, stream).execute(verb, "--help"))
                .isZero();
        Map<Integer, String> codes = new TreeMap<>();
        out.toString(StandardCharsets.UTF_8).lines().map(EXIT_CODE::matcher).forEach(line -> {
            if (line.matches()) {
                codes.put(Integer.parseInt(line.group(1)), line.group(2));
            }
        });
        return codes;
    }
}
