package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Dockerfile: built from the packaged program, looked at, and run as the manifests run it. The bases have less than anybody's: the
 * one that the program runs on has glibc and nothing else.
 */
class ContainerImageIT extends EmulatedVaultTest {

    private static final String IMAGE = "localhost/keyvault-backup:latest";
    private static final Path PLACE = Path.of("target/container").toAbsolutePath();
    private static final Path PROGRAM = Path.of("opt/keyvault-backup");
    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";
    private static final int SECRETS = 60;

    private static Buildah buildah;
    private static LocalBases bases;
    private static JsonNode config;
    private static Path root;
    private static V1CronJob everyJob;
    private static EntraAuthority authority;

    private EmulatedVault other;

    @BeforeAll
    static void build() throws IOException {
        buildah = Buildah.at(PLACE);
        bases = LocalBases.in(buildah);
        bud(Path.of("").toAbsolutePath(), "--tag", IMAGE);
        config = buildah.description(IMAGE).path("config");
        root = buildah.unpacked(IMAGE, PLACE.resolve("root"));
        everyJob = (V1CronJob) StrictYaml.read(Files.readString(Kustomization.BASE.resolve("every-job.yaml")))
                .getFirst();
        authority = emulator.authority();
        authority.application(CLIENT).federated(EntraAuthority.FEDERATION);
    }

    /** What was built on the way; else each new jar would leave some hundred megabytes below target. */
    @AfterAll
    static void forgetWhatHasNoName() {
        if (buildah != null) {
            buildah.call("rm", "--all"); // what a build that failed has left would keep its images from being removed
            buildah.call("rmi", "--prune");
        }
    }

    @BeforeEach
    void seed() {
        other = emulator.vault("other");
        other.secret("password");
    }

    private static void bud(Path context, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "bud",
                "--isolation",
                "chroot",
                "--layers",
                "--timestamp",
                "0",
                "--pull-never",
                "--build-arg",
                "BUILD_BASE=" + bases.build(),
                "--build-arg",
                "BASE=" + bases.run()));
        arguments.addAll(List.of(more));
        arguments.add(context.toString());
        buildah.call(arguments.toArray(String[]::new));
    }

    @Test
    void itIsWhatTheManifestsCountOn() {
        V1PodSpec pod =
                everyJob.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();

        assertThat(config.path("User").asString())
                .isEqualTo(pod.getSecurityContext().getRunAsUser() + ":"
                        + pod.getSecurityContext().getRunAsGroup());
        assertThat(config.path("WorkingDir").asString())
                .isEqualTo(Pod.container(everyJob).getWorkingDir());
        // exec form: a shell would be the one that gets the signals
        assertThat(config.path("Entrypoint").path(0).asString()).isEqualTo("/" + PROGRAM + "/java/bin/java");
        assertThat(config.path("Entrypoint")
                        .path(config.path("Entrypoint").size() - 1)
                        .asString())
                .isEqualTo("/" + PROGRAM + "/keyvault-backup.jar");
        assertThat(config.path("Labels").path("org.opencontainers.image.title").asString())
                .isEqualTo("keyvault-backup");
        assertThat(Stream.of("bin/sh", "usr/bin/sh", "bin/busybox").map(root::resolve))
                .noneMatch(Files::exists);
    }

    @Test
    void itsBillOfMaterialsNamesEveryLibrary() throws IOException {
        String label = config.path("Labels").path("io.keyvaultbackup.sbom").asString();
        JsonNode bill = JsonMapper.shared().readTree(Files.readString(root.resolve(label.substring(1))));

        assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(bill.path("metadata").path("component").path("name").asString())
                .isEqualTo("keyvault-backup");
        List<String> named = bill.path("components")
                .valueStream()
                .map(component -> component.path("name").asString() + "-"
                        + component.path("version").asString() + ".jar")
                .toList();
        assertThat(libraries()).hasSizeGreaterThan(50);
        assertThat(named).containsAll(libraries());
    }

    @Test
    void itsRuntimeHasEveryModuleThatIsReferredTo() throws IOException {
        ByteArrayOutputStream needed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(needed, true, StandardCharsets.UTF_8);
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        stream,
                        stream,
                        "-q",
                        "--print-module-deps",
                        "--ignore-missing-deps",
                        "--multi-release",
                        String.valueOf(Runtime.version().feature()),
                        "-R",
                        "--class-path",
                        libraries().stream()
                                .map(library -> root.resolve(PROGRAM)
                                        .resolve("lib")
                                        .resolve(library)
                                        .toString())
                                .collect(Collectors.joining(File.pathSeparator)),
                        root.resolve(PROGRAM).resolve("keyvault-backup.jar").toString());
        assertThat(exitCode).as(needed.toString(StandardCharsets.UTF_8)).isZero();
        String modules = Files.readString(root.resolve(PROGRAM).resolve("java/release"));

        assertThat(Pattern.compile("MODULES=\"(.*)\"").matcher(modules).results())
                .singleElement()
                .satisfies(there -> assertThat(there.group(1).split(" ", -1))
                        .contains(
                                needed.toString(StandardCharsets.UTF_8).strip().split(",", -1)));
    }

    /** All but the last, which has the AOT cache: no two of those are the same. */
    @Test
    void theSameJarMakesTheSameLayersAgain() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        for (String file :
                List.of("Dockerfile", ".dockerignore", "container/TrainingVault.java", "target/keyvault-backup.jar")) {
            Files.createDirectories(elsewhere.resolve(file).getParent());
            Files.copy(Path.of(file), elsewhere.resolve(file));
            Files.setLastModifiedTime(elsewhere.resolve(file), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        }

        bud(elsewhere, "--no-cache", "--target", "program", "--tag", "localhost/again");

        List<String> layers = buildah.layers(IMAGE);
        assertThat(layers).hasSize(7);
        assertThat(buildah.layers("localhost/again")).isEqualTo(layers.subList(0, 6));
    }

    @Test
    void itAnswersAtOnce() throws IOException {
        Bench.Result help = run("--help");
        Bench.Result version = run("version");

        assertThat(help.exitCode()).as(help.err()).isZero();
        assertThat(help.out()).contains("backup", "restore", "Each verb has its own --help");
        assertThat(version.exitCode()).as(version.err()).isZero();
        assertThat(version.out()).matches("keyvault-backup \\d+\\S+ \\(Java 25.*\\)\n");
    }

    @Test
    void aNightIsStoppedByTheSignalOfAPodsEndAndContinuedByTheNextPod() throws IOException {
        // given
        vault.secrets("app-", SECRETS);
        vault.key("signing");
        vault.certificate("site");
        CompletableFuture<ImageProcess> first = new CompletableFuture<>();
        vault.faults()
                .on(Operation.BACKUP, "secret", "app-000005")
                .times(1)
                .before(() -> first.join().terminate());

        // when
        List<String> night = night(); // once: a minute later it is another Job's
        first.complete(start(night));
        Bench.Result stopped = first.join().await();
        Bench.Result continued = start(night).await();

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(continued.exitCode()).as(continued.out() + continued.err()).isZero();
        assertThat(continued.lines("summary"))
                .hasSize(2)
                .allSatisfy(
                        summary -> assertThat(summary.path("status").asString()).isEqualTo("COMPLETE"));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 2);
        assertThat(directory.resolve("data/store")).isNotEmptyDirectory();
    }

    @Test
    void itsJobDatabaseMayBePostgreSql() throws IOException {
        Postgres.Database database = Postgres.shared().newDatabase();
        Map<String, String> environment = Map.of(
                "SPRING_DATASOURCE_URL",
                database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME",
                database.user(),
                "SPRING_DATASOURCE_PASSWORD",
                database.password());
        vault.secrets("app-", 3);

        Bench.Result backup = start(night(), environment).await();

        assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
        assertThat(backup.lines("summary")).hasSize(2);
        assertThat(directory.resolve("data/keyvault-backup.mv.db")).doesNotExist();
    }

    /** The arguments of the base's CronJob, in the Job of some minutes ago. */
    private List<String> night() throws IOException {
        String job = "keyvault-backup-" + (Instant.now().getEpochSecond() / 60 - 5);
        V1CronJob backup = (V1CronJob) StrictYaml.read(Files.readString(Kustomization.BASE.resolve("backup.yaml")))
                .getFirst();
        return Pod.container(backup).getArgs().stream()
                .map(argument -> argument.replace("$(JOB_NAME)", job)
                        .replace("$(JOB_UID)", "6f1c2f0e-5d1a-4c1b-9a0e-2f3b4c5d6e7f"))
                .toList();
    }

    private Bench.Result run(String... arguments) throws IOException {
        return start(List.of(arguments)).await();
    }

    private ImageProcess start(List<String> arguments) throws IOException {
        return start(arguments, Map.of());
    }

    private ImageProcess start(List<String> arguments, Map<String, String> more) throws IOException {
        Path given = Files.createDirectories(directory.resolve("config"));
        Files.copy(emulator.caCertificateFile(), given.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(given.resolve("application.yaml"), configuration());
        Files.writeString(
                given.resolve("token"), authority.federatedToken(EntraAuthority.FEDERATION, Duration.ofHours(1)));
        Map<String, String> environment = new TreeMap<>(more);
        for (V1EnvVar variable : Pod.container(everyJob).getEnv()) {
            environment.put(variable.getName(), variable.getValue());
        }
        long memory = Pod.container(everyJob)
                .getResources()
                .getLimits()
                .get("memory")
                .getNumber()
                .longValueExact();
        // the limit, which no kernel sets here; and no start without the cache, where there would only be a slower one
        environment.merge(
                "JAVA_TOOL_OPTIONS", " -XX:MaxRAM=" + memory + " -XX:AOTMode=on", (one, other) -> one + other);
        // what the workload identity webhook adds
        environment.putAll(Map.of(
                "AZURE_CLIENT_ID",
                CLIENT,
                "AZURE_TENANT_ID",
                authority.tenant(),
                "AZURE_AUTHORITY_HOST",
                authority.uri().toString(),
                "AZURE_FEDERATED_TOKEN_FILE",
                "/keyvault-backup/config/token"));
        return ImageProcess.start(root, config, directory, environment, arguments);
    }

    /** The base's, at the emulator and a directory instead of Azure. */
    private String configuration() throws IOException {
        return Files.readString(Kustomization.BASE.resolve("application.yaml"))
                        .replace("https://team-a.vault.azure.net", vault.uri().toString())
                        .replace("https://team-b.vault.azure.net", other.uri().toString())
                        .replace(
                                "container-url: https://myaccount.blob.core.windows.net/keyvault-backups",
                                "directory: /keyvault-backup/data/store")
                + """
                keyvault-backup.azure.instance-discovery: false
                keyvault-backup.azure.verify-challenge-resource: false
                keyvault-backup.azure.ssl-bundle: emulator
                spring.ssl.bundle.pem.emulator.truststore.certificate: file:/keyvault-backup/config/ca.pem
                """;
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PROGRAM).resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
