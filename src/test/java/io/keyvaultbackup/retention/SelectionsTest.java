package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot of all keys is no newer one of a snapshot of all secrets. */
class SelectionsTest extends EmulatedVaultTest {

    @Test
    void aSnapshotTakesThePlaceOfNoneOfAnotherSelection() {
        // given two runs a night
        bench.with(FastTime.class);
        vault.secrets("app", 2);
        vault.key("signing");
        for (String day : List.of("10", "11")) {
            backUp("2026-11-" + day + "T03:00:00Z", "secret");
            backUp("2026-11-" + day + "T03:10:00Z", "key");
        }

        // when
        Bench.Result result =
                bench.run("forget", "--json", "--vault", vault.uri().toString(), "--keep-last", "1");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(bench.blobs().keySet().stream().filter(name -> name.matches(".*/manifests/.*\\.json")))
                .hasSize(2)
                .allMatch(name -> name.contains("20261111T03"));
        assertThat(bench.run("verify", "--read-data", "--vault", vault.uri().toString())
                        .exitCode())
                .isZero();
    }

    private void backUp(String time, String kind) {
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time, "--kind", kind);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }
}
