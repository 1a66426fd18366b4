package io.keyvaultbackup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.LeaseHeldException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that want the same vaults of one directory. */
class ProcessesLeaseTest {

    private static final int PROCESSES = 3;
    private static final int VAULTS = 50;

    @Test
    void giveEachVaultToOneProcess(@TempDir Path root) throws IOException {
        List<Process> takers = new ArrayList<>();
        for (int number = 0; number < PROCESSES; number++) {
            takers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Taker.class.getName(),
                            root.toString(),
                            "taker" + number)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process taker : takers) {
            assertThat(taker.getInputStream().read()).isEqualTo('r'); // ready
        }
        for (Process taker : takers) {
            OutputStream start = taker.getOutputStream();
            start.write('\n');
            start.flush();
        }
        int won = 0;
        for (Process taker : takers) {
            String said = new String(taker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(taker.onExit().join().exitValue()).isZero();
            won += Integer.parseInt(said.strip());
        }

        assertThat(won).isEqualTo(VAULTS);
    }

    /** One of the processes: says that it's ready, waits for a line, takes what it gets, says how much that was, and is gone. */
    static final class Taker {

        private Taker() {}

        public static void main(String[] arguments) throws IOException {
            DirectoryLeases leases =
                    new DirectoryLeases(Path.of(arguments[0]), Duration.ofHours(1), InstantSource.system());
            System.out.print('r');
            System.out.flush();
            int started = System.in.read();
            int won = 0;
            for (int number = 0; started == '\n' && number < VAULTS; number++) {
                won += isTaken(leases, "vault-" + number, arguments[1]) ? 1 : 0;
            }
            System.out.println(won);
        }

        private static boolean isTaken(DirectoryLeases leases, String vault, String taker) {
            try {
                return leases.acquire(vault, "20261124T030000Z-4f2a9c", taker, 1)
                                .execution()
                        == 1;
            } catch (LeaseHeldException held) {
                return false;
            }
        }
    }
}
