package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What kubectl makes of a directory with a kustomization.yaml. */
record Kustomization(List<Object> objects) {

    static final Path BASE = Path.of("k8s/base");

    private static final Pattern MINOR = Pattern.compile("minor: \"?(\\d+)");
    private static final int LEAST_MINOR = 26;

    /**
     * Builds it. Needs a kubectl of 1.26 or newer (older ones know no {@code labels} of templates; Debian 12's
     * package kubernetes-client, 1.20, is too old), and no cluster. A failure where there is none, as of any other program that the tests need: else nothing
     * would be known of k8s/, and nobody would know that.
     */
    static Kustomization of(Path directory) {
        try {
            return new Kustomization(StrictYaml.read(build(directory)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String build(Path directory) {
        assertThat(isKubectlRecent())
                .as("the tests build k8s/ with kubectl, which needs to be 1.26 or newer: install it (.ci/run does)")
                .isTrue();
        try {
            Path complaints = Files.createTempFile("kubectl", ".txt");
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                    .redirectError(complaints.toFile())
                    .start();
            String built = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = kubectl.onExit().join().exitValue();
            String said = Files.readString(complaints);
            Files.delete(complaints);
            // also what is only deprecated is told there
            assertThat(said).as("what kubectl says of " + directory).isEmpty();
            assertThat(exitCode).isZero();
            return built;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isKubectlRecent() {
        try {
            Process version = new ProcessBuilder("kubectl", "version", "--client", "--output=yaml")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher minor = MINOR.matcher(said);
            return minor.find() && Integer.parseInt(minor.group(1)) >= LEAST_MINOR;
        } catch (IOException none) {
            return false;
        }
    }

    /** The base with these components, as an overlay of somebody's. */
    static Kustomization ofBaseWith(String... components) {
        return of(overlayWith(components));
    }

    /** The same as text, with what is of no kind that the strict reading knows. */
    static String textOfBaseWith(String... components) {
        return build(overlayWith(components));
    }

    private static Path overlayWith(String... components) {
        try {
            Path overlay = Files.createDirectories(Path.of("target/kustomizations", String.join("-", components)));
            String all = Arrays.stream(components)
                    .map(component -> "../../../k8s/components/" + component)
                    .collect(Collectors.joining(", "));
            Files.writeString(overlay.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    resources: [../../../k8s/base]
                    components: [%s]
                    """.formatted(all));
            return overlay;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    <T> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    V1CronJob cronJob(String name) {
        return all(V1CronJob.class).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
    }

    /** The application.yaml that its pods find. */
    String configuration() {
        List<V1ConfigMap> maps = all(V1ConfigMap.class);
        assertThat(maps).hasSize(1);
        return Objects.requireNonNull(maps.getFirst().getData().get("application.yaml"));
    }
}
