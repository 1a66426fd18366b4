package io.keyvaultbackup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes in one directory, each with its own bytes for the same names. */
class ProcessesRaceTest {

    private static final int PROCESSES = 4;
    private static final int NAMES = 100;

    @Test
    void giveEachNameToOneProcessWithItsMetadata(@TempDir Path root) throws IOException {
        List<Process> writers = new ArrayList<>();
        for (int number = 0; number < PROCESSES; number++) {
            writers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            root.toString(),
                            "writer" + number)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process writer : writers) {
            assertThat(writer.getInputStream().read()).isEqualTo('r'); // ready
        }
        int won = 0;
        for (Process writer : writers) {
            try (OutputStream start = writer.getOutputStream()) {
                start.write('\n');
            }
        }
        for (Process writer : writers) {
            String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(writer.onExit().join().exitValue()).isZero();
            won += Integer.parseInt(said.strip());
        }

        assertThat(won).isEqualTo(NAMES);
        DirectoryStore store = new DirectoryStore(root);
        for (int number = 0; number < NAMES; number++) {
            StoredBlob blob = store.find(name(number)).orElseThrow();
            try (InputStream input = store.open(name(number))) {
                String writer = new String(input.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(blob.metadata())
                        .isEqualTo(Map.of(
                                "writer",
                                writer,
                                StoredBlob.SHA_256,
                                content(writer).sha256()));
            }
        }
    }

    private static String name(int number) {
        return "vault/" + number;
    }

    private static BlobContent content(String writer) {
        return BlobContent.of(writer.getBytes(StandardCharsets.UTF_8));
    }

    /** One of the processes: says that it's ready, waits for a line, puts all names, says how many it got. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            DirectoryStore store = new DirectoryStore(Path.of(arguments[0]));
            String writer = arguments[1];
            System.out.print('r');
            System.out.flush();
            int started = System.in.read();
            int won = 0;
            for (int number = 0; started == '\n' && number < NAMES; number++) {
                try {
                    store.put(name(number), content(writer), Map.of("writer", writer));
                    won++;
                } catch (StoreException failed) {
                    if (failed.failure().reason() != FailureReason.STORE_CONFLICT) {
                        throw failed;
                    }
                }
            }
            System.out.println(won);
        }
    }
}
