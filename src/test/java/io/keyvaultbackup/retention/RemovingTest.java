package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.StoredBlob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemovingTest {

    private static StoredBlob blob(String name, @Nullable String version) {
        return new StoredBlob(name, 1, version, Map.of());
    }

    @Test
    void theVersionThatWasFirstGoesLast() {
        // given what somebody wrote over a manifest twice, and another blob
        List<@Nullable String> removed = new ArrayList<>();
        BlobRemoval store = new BlobRemoval() {
            @Override
            public Stream<StoredBlob> list(String prefix) {
                return Stream.of(
                        blob("v/manifests/s.1.json", "2026-11-20T03:00:00.0000001Z"),
                        blob("v/manifests/s.1.json", "2026-11-21T03:00:00.0000001Z"),
                        blob("v/manifests/s.1.json", "2026-11-22T03:00:00.0000001Z"),
                        blob("v/manifests/s.1.json.jws", "2026-11-23T03:00:00.0000001Z"));
            }

            @Override
            public void remove(StoredBlob blob, Runnable goOn) {
                goOn.run();
                removed.add(blob.version());
            }
        };

        // when
        new Removing(store, new Patience(new TestStopwatch()), new StopSignal(), () -> true)
                .removeAll("v/manifests/s.1.json");

        // then
        assertThat(removed)
                .containsExactly(
                        "2026-11-22T03:00:00.0000001Z", "2026-11-21T03:00:00.0000001Z", "2026-11-20T03:00:00.0000001Z");
    }
}
