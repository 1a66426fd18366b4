package io.keyvaultbackup.kubernetes;

import io.keyvaultbackup.backup.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A process of an image as a pod has it, without an engine: the image's entrypoint is the first process of a namespace of its own, is not root, sees
 * the image's files only, and may write to its volumes alone. The network is the machine's.
 */
record ImageProcess(Process process, Path out, Path err) {

    /** What the base's pods are given, by every-job.yaml. */
    private static final String SCRIPT = """
            root=$1 volumes=$2 place=$3 user=$4 group=$5
            shift 5
            mkdir -p "$volumes/data" "$volumes/tmp" "$root/proc" "$root/dev" "$root/etc"
            chown "$user:$group" "$volumes/data" "$volumes/tmp"
            chmod -R a+rX "$volumes/config"
            cp /etc/hosts "$root/etc/hosts"
            mount --bind "$root" "$root"
            mount -o remount,bind,ro "$root"
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount --bind "$volumes/config" "$root$place/config"
            mount -o remount,bind,ro "$root$place/config"
            mount --bind "$volumes/data" "$root$place/data"
            mount --bind "$volumes/tmp" "$root/tmp"
            exec setpriv --no-new-privs unshare --root="$root" --wd="$place" --setgid="$group" --setuid="$user" "$@"
            """;

    /**
     * Starts it.
     *
     * @param root the image's files
     * @param config what the image says of its processes
     * @param volumes has {@code config}, which it reads, and gets {@code data} and {@code tmp}
     */
    static ImageProcess start(
            Path root, JsonNode config, Path volumes, Map<String, String> environment, List<String> arguments)
            throws IOException {
        String[] user = config.path("User").asString().split(":", 2);
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-euc",
                SCRIPT,
                "sh",
                root.toString(),
                volumes.toString(),
                config.path("WorkingDir").asString(),
                user[0],
                user[1]));
        config.path("Entrypoint").forEach(word -> command.add(word.asString()));
        command.addAll(arguments);
        Path out = Files.createTempFile(volumes, "out", ".txt");
        Path err = Files.createTempFile(volumes, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        config.path("Env").forEach(variable -> {
            String[] pair = variable.asString().split("=", 2);
            builder.environment().put(pair[0], pair[1]);
        });
        builder.environment().putAll(environment);
        return new ImageProcess(builder.start(), out, err);
    }

    /** SIGTERM, to the image's own first process. */
    void terminate() {
        process.children().forEach(ProcessHandle::destroy);
    }

    Bench.Result await() throws IOException {
        int exitCode = process.onExit().join().exitValue();
        return new Bench.Result(exitCode, Files.readString(out), Files.readString(err));
    }
}
