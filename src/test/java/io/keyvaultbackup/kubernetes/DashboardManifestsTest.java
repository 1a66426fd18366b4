package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PolicyRule;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1ValidatingAdmissionPolicy;
import io.kubernetes.client.openapi.models.V1Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard's part of {@code k8s/}, over the base with PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardManifestsTest {

    private static final String NAME = "keyvault-backup-dashboard";

    private Kustomization built = new Kustomization(List.of());

    @BeforeAll
    void build() {
        built = Kustomization.ofBaseWith("postgresql", "dashboard");
    }

    private V1Deployment deployment() {
        assertThat(built.all(V1Deployment.class)).hasSize(1);
        return built.all(V1Deployment.class).getFirst();
    }

    private V1PodSpec pod() {
        return deployment().getSpec().getTemplate().getSpec();
    }

    private V1Container container() {
        assertThat(pod().getContainers()).hasSize(1);
        return pod().getContainers().getFirst();
    }

    /** Read what the templates are of, make Jobs, in this namespace: nothing else, nowhere else. */
    @Test
    void itsAccountMayReadTwoCronJobsAndCreateJobs() {
        V1Role role = built.all(V1Role.class).getFirst();

        assertThat(built.all(V1Role.class)).hasSize(1);
        assertThat(role.getRules())
                .extracting(
                        V1PolicyRule::getApiGroups,
                        V1PolicyRule::getResources,
                        V1PolicyRule::getResourceNames,
                        V1PolicyRule::getVerbs)
                .containsExactly(
                        tuple(
                                List.of("batch"),
                                List.of("cronjobs"),
                                List.of("keyvault-backup", "keyvault-backup-drill"),
                                List.of("get")),
                        tuple(List.of("batch"), List.of("jobs"), List.of(), List.of("create")));
        assertThat(built.all(V1RoleBinding.class)).singleElement().satisfies(binding -> {
            assertThat(binding.getRoleRef().getName())
                    .isEqualTo(role.getMetadata().getName());
            assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
                assertThat(subject.getName()).isEqualTo(NAME);
                assertThat(subject.getNamespace()).isEqualTo("keyvault-backup");
            });
        });
        assertThat(built.all(V1CronJob.class).stream()
                        .map(job -> job.getMetadata().getName()))
                .containsAll(role.getRules().getFirst().getResourceNames());
    }

    @Test
    void noJobHasTheDashboardsIdentityAndItHasNoneOfTheirs() {
        Map<String, String> identities = built.all(V1ServiceAccount.class).stream()
                .collect(Collectors.toMap(
                        account -> account.getMetadata().getName(),
                        account -> account.getMetadata().getAnnotations().get("azure.workload.identity/client-id")));

        assertThat(identities.values()).doesNotHaveDuplicates().hasSize(6);
        assertThat(pod().getServiceAccountName()).isEqualTo(NAME);
        assertThat(built.all(V1CronJob.class))
                .allSatisfy(job -> assertThat(job.getSpec()
                                .getJobTemplate()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getServiceAccountName())
                        .isNotEqualTo(NAME));
    }

    @Test
    void itsPodIsRestrictedAndItsTokenIsItsOwnVolume() {
        assertThat(pod().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(container().getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container().getResources().getLimits()).containsKey("memory");
        V1Volume account = pod().getVolumes().stream()
                .filter(volume -> volume.getName().equals("account"))
                .findFirst()
                .orElseThrow();
        assertThat(account.getProjected().getSources())
                .anyMatch(source -> source.getServiceAccountToken() != null
                        && "token".equals(source.getServiceAccountToken().getPath()));
        assertThat(container().getVolumeMounts())
                .anyMatch(mount -> mount.getName().equals("account")
                        && mount.getMountPath().equals("/var/run/secrets/kubernetes.io/serviceaccount"));
        assertThat(pod().getTerminationGracePeriodSeconds())
                .as("it ends within 20 s")
                .isGreaterThan(20);
    }

    @Test
    void itsImageAndConfigurationAreTheJobsAndItsDatabaseIsPostgres() {
        V1CronJob backup = built.cronJob("keyvault-backup");
        V1Container job = Pod.container(backup);

        assertThat(container().getImage()).isEqualTo(job.getImage());
        assertThat(container().getWorkingDir()).isEqualTo(job.getWorkingDir());
        assertThat(container().getArgs()).containsExactly("serve", "--json");
        assertThat(pod().getVolumes().stream()
                        .filter(volume -> volume.getConfigMap() != null)
                        .map(volume -> volume.getConfigMap().getName()))
                .containsExactly(
                        backup.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getVolumes().stream()
                                .filter(volume -> volume.getConfigMap() != null)
                                .findFirst()
                                .orElseThrow()
                                .getConfigMap()
                                .getName());
        assertThat(container().getEnv().stream()
                        .filter(variable -> variable.getName().startsWith("SPRING_DATASOURCE"))
                        .toList())
                .containsExactlyElementsOf(job.getEnv().stream()
                        .filter(variable -> variable.getName().startsWith("SPRING_DATASOURCE"))
                        .toList());
    }

    /** Every name stands for a property that there is; what is secret comes from Secrets. */
    @Test
    void itsEnvironmentIsPropertiesAndNoSecretIsInIt() throws IOException {
        String reference = Files.readString(Path.of("docs/configuration.md"));
        Set<String> own = container().getEnv().stream()
                .map(V1EnvVar::getName)
                .filter(name -> name.startsWith("KEYVAULTBACKUP_"))
                .collect(Collectors.toSet());

        assertThat(own)
                .hasSizeGreaterThan(3)
                .allSatisfy(name -> assertThat(reference).contains("`" + name + "`"));
        assertThat(container().getEnv().stream()
                        .filter(variable -> variable.getName().matches(".*(SECRET|TOKEN|PASSWORD)"))
                        .toList())
                .hasSize(3)
                .allSatisfy(variable ->
                        assertThat(variable.getValueFrom().getSecretKeyRef()).isNotNull());
    }

    @Test
    void probesAndServiceFindItsPorts() {
        V1Service service = built.all(V1Service.class).getFirst();
        Set<String> ports = container().getPorts().stream()
                .map(port -> String.valueOf(port.getName()))
                .collect(Collectors.toSet());

        assertThat(ports).containsExactlyInAnyOrder("http", "management");
        assertThat(service.getSpec().getPorts().stream()
                        .map(port -> port.getTargetPort().getStrValue()))
                .containsExactlyInAnyOrderElementsOf(ports);
        assertThat(service.getSpec().getSelector())
                .allSatisfy((name, value) -> assertThat(deployment()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels())
                        .containsEntry(name, value));
        assertThat(container().getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        assertThat(container().getReadinessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/readiness");
        assertThat(container().getReadinessProbe().getHttpGet().getPort().getStrValue())
                .isEqualTo("management");
    }

    @Test
    void whatGetsInAndOutIsNamed() {
        V1NetworkPolicy policy = built.all(V1NetworkPolicy.class).stream()
                .filter(one -> NAME.equals(one.getMetadata().getName()))
                .findFirst()
                .orElseThrow();

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .allSatisfy((name, value) -> assertThat(deployment()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels())
                        .containsEntry(name, value));
        assertThat(policy.getSpec().getIngress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> port.getPort().getIntValue())
                .containsExactly(8080, 8081);
        assertThat(policy.getSpec().getEgress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> port.getPort().getIntValue())
                .containsExactly(53, 53, 443, 6443, 5432);
    }

    @Test
    void theIngressLeadsToTheService() throws IOException {
        List<Object> example =
                StrictYaml.read(Files.readString(Path.of("k8s/components/dashboard/ingress.example.yaml")));

        assertThat(example)
                .singleElement()
                .isInstanceOfSatisfying(
                        V1Ingress.class,
                        ingress -> assertThat(ingress.getSpec()
                                        .getRules()
                                        .getFirst()
                                        .getHttp()
                                        .getPaths()
                                        .getFirst()
                                        .getBackend()
                                        .getService())
                                .satisfies(
                                        service -> assertThat(service.getName()).isEqualTo(NAME))
                                .satisfies(service ->
                                        assertThat(service.getPort().getName()).isEqualTo("http")));
    }

    @Test
    void theAdmissionIsAboutTheDashboardsAccountAndImage() throws IOException {
        List<Object> example =
                StrictYaml.read(Files.readString(Path.of("k8s/components/dashboard/admission.example.yaml")));

        assertThat(example).hasSize(2).first().isInstanceOfSatisfying(V1ValidatingAdmissionPolicy.class, policy -> {
            assertThat(policy.getSpec().getMatchConditions().getFirst().getExpression())
                    .contains("system:serviceaccount:keyvault-backup:" + NAME);
            assertThat(policy.getSpec().getValidations().toString())
                    .contains(container().getImage().replaceFirst(":.*", ":"))
                    .contains("'backup', 'retry', 'stop'");
        });
    }

    /** No model of it is at hand: what it must have is looked for by hand, and nothing else is in it. */
    @Test
    void theServiceMonitorScrapesTheManagementPortWithTheToken() {
        Map<?, ?> monitor = (Map<?, ?>)
                documents(Kustomization.textOfBaseWith("postgresql", "dashboard", "servicemonitor")).stream()
                        .filter(document ->
                                document instanceof Map<?, ?> map && "ServiceMonitor".equals(map.get("kind")))
                        .findFirst()
                        .orElseThrow();

        assertThat(monitor.get("apiVersion")).isEqualTo("monitoring.coreos.com/v1");
        assertThat(monitor.get("spec"))
                .isEqualTo(Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of("app.kubernetes.io/name", NAME)),
                        "endpoints",
                        List.of(Map.of(
                                "port",
                                "management",
                                "path",
                                "/actuator/prometheus",
                                "interval",
                                "30s",
                                "authorization",
                                Map.of(
                                        "type",
                                        "Bearer",
                                        "credentials",
                                        Map.of("name", NAME, "key", "metrics-token"))))));
        assertThat(built.all(V1Service.class).getFirst().getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/name", NAME);
    }

    private static List<Object> documents(String text) {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(documents::add);
        return documents;
    }
}
