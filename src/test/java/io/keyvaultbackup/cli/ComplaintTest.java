package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComplaintTest {

    private static final String ADDRESS =
            "https://account.blob.core.windows.net/c?sv=2025-05-05&sig=cAnArY%2Bx%3D&se=2026";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noSignatureIsToldWithWhateverCausedAFailure(boolean json) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);

        ExitCode unknown =
                new Complaint(Terminal.plain(both, both), json, true).about(new IllegalStateException(ADDRESS));
        ExitCode known = new Complaint(Terminal.plain(both, both), json, true)
                .about(new StoreException(
                        Failure.of(FailureReason.STORE_UNAVAILABLE, "no way there"),
                        new IllegalStateException(new IOException("broken pipe to " + ADDRESS))));

        assertThat(unknown).isEqualTo(ExitCode.FAILED);
        assertThat(known).isEqualTo(ExitCode.FAILED);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("sig=(hidden)&se=2026", "broken pipe", "no way there")
                .doesNotContain("cAnArY");
    }
}
