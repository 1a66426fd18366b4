package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * buildah, which needs no daemon, with images of its own. What it mounts is gone when it ends, as each call has a mount namespace to
 * itself: whatever stayed mounted below target would keep people from removing that.
 */
record Buildah(Path place, List<String> command) {

    private static final String CALL = "exec \"$@\"";
    private static final JsonMapper JSON = new JsonMapper();

    /** Needs Linux, root and buildah, which not everybody's machine has; CI's does, so that it is a failure there. */
    static Buildah at(Path place) {
        need(succeeds(List.of("buildah", "--version")), "buildah is not here, so no image is built");
        assumeTrue( // which no package changes
                succeeds(List.of("unshare", "--mount", "--pid", "--fork", "true")),
                "nothing can be mounted here, so no image is built");
        Buildah buildah = new Buildah(
                place,
                List.of(
                        "buildah",
                        "--root",
                        place.resolve("images").toString(),
                        "--runroot",
                        place.resolve("running").toString()));
        // what it takes by itself is fast; but an overlay can not be on an overlay, such as a container's files
        return succeeds(alone(CALL, buildah.with("info")))
                ? buildah
                : new Buildah(place, buildah.with("--storage-driver", "vfs"));
    }

    private static void need(boolean there, String why) {
        if (System.getenv("CI") == null) {
            assumeTrue(there, why);
        }
        assertThat(there).as(why).isTrue();
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.onExit().join().exitValue() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    boolean has(String image) {
        return succeeds(alone(CALL, with("inspect", "--type", "image", image)));
    }

    String call(String... arguments) {
        return run(CALL, with(arguments));
    }

    /**
     * Runs a shell's script and gives back what it wrote.
     *
     * @param arguments its first arguments; all after them are buildah and where its images are
     */
    String script(String script, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(command);
        return run(script, all);
    }

    private String run(String script, List<String> arguments) {
        try {
            Files.createDirectories(place);
            Path said = Files.createTempFile(place, "buildah", ".txt");
            Process process = new ProcessBuilder(alone(script, arguments))
                    .redirectError(said.toFile())
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.onExit().join().exitValue())
                    .as(script + " " + arguments + "\n" + out + Files.readString(said))
                    .isZero();
            Files.delete(said);
            return out;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> alone(String script, List<String> arguments) {
        return Stream.concat(Stream.of("unshare", "--mount", "sh", "-euc", script, "sh"), arguments.stream())
                .toList();
    }

    private List<String> with(String... arguments) {
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }

    /** What an image says of itself, as the Open Container Initiative has it: config, rootfs, history. */
    JsonNode description(String image) {
        return JSON.readTree(call("inspect", "--type", "image", image)).path("OCIv1");
    }

    /** The digests of an image's layers, the lowest first. */
    List<String> layers(String image) {
        return description(image)
                .path("rootfs")
                .path("diff_ids")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    /** Writes all files of an image, as its containers find them, into a directory. */
    Path unpacked(String image, Path directory) {
        script("""
                directory=$1 image=$2
                shift 2
                rm -rf "$directory"
                mkdir -p "$directory"
                container=$("$@" from --pull-never "$image")
                cp -a "$("$@" mount "$container")/." "$directory"
                "$@" rm "$container"
                """, directory.toString(), image);
        return directory;
    }
}
