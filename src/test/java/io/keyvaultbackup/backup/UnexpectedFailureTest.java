package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryStore;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A defect that one object brings to light is that object's failure, and told as what nobody knows; the others go on. */
class UnexpectedFailureTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final AtomicBoolean MENDED = new AtomicBoolean();

    @TestConfiguration(proxyBeanMethods = false)
    static class Defective {

        @Bean
        @Primary
        BackupStore defectiveStore(StoreProperties properties) {
            return new DefectiveStore(new DirectoryStore(Objects.requireNonNull(properties.directory())));
        }
    }

    /** A directory store with a defect at one object. */
    private record DefectiveStore(BackupStore store) implements BackupStore {

        @Override
        public StoredBlob put(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
            if (name.contains("/app000004.") && !MENDED.get()) {
                throw new IllegalStateException("nobody thought of this");
            }
            return store.put(name, content, metadata, asked);
        }

        @Override
        public Optional<StoredBlob> find(String name) {
            return store.find(name);
        }

        @Override
        public InputStream open(String name, @Nullable String version) {
            return store.open(name, version);
        }

        @Override
        public Stream<StoredBlob> list(String prefix) {
            return store.list(prefix);
        }

        @Override
        public Stream<StoredBlob> listNames(String prefix) {
            return store.listNames(prefix);
        }

        @Override
        public List<String> folders() {
            return store.folders();
        }

        @Override
        public String location() {
            return store.location();
        }
    }

    @Test
    void whatNobodyExpectedFailsOneObjectAndARelaunchBacksItUp() {
        // given
        MENDED.set(false);
        bench.with(Defective.class);
        vault.secrets("app", 10);

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 9L, "FAILED", 1L));
        assertThat(result.failures()).isEqualTo(Map.of("secret/app000004", "UNKNOWN"));
        assertThat(result.lines("error").getFirst().path("message").asString())
                .contains("unexpected: java.lang.IllegalStateException: nobody thought of this");

        // and once it is mended
        MENDED.set(true);
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
    }
}
