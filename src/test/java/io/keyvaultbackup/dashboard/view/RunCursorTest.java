package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCursorTest {

    @Test
    void isReadAsItWasWritten() {
        RunSummaries.Position position = new RunSummaries.Position(
                Instant.parse("2026-11-24T03:00:00Z"), new SnapshotId("20261124T030000Z-4f2a9c"));

        assertThat(RunCursor.read(RunCursor.write(position))).isEqualTo(position);
        assertThat(RunCursor.read(null)).isNull();
        assertThat(RunCursor.read("")).isNull();
        assertThat(RunCursor.write(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%%%", "MjAyNg", "bm93IDIwMjYxMTI0"})
    void whatNoPageGaveIsRefused(String cursor) {
        assertThatThrownBy(() -> RunCursor.read(cursor)).hasMessageContaining("leave it out for the first");
    }
}
