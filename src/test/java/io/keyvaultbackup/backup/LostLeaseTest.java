package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryStore;
import io.keyvaultbackup.testservices.SigningKeys;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Who was out until another had the lease seals nothing, however near to it he was. */
class LostLeaseTest extends EmulatedVaultTest {

    /** How the name ends that is not put at the first try. */
    private static final AtomicReference<String> FAILING = new AtomicReference<>("nothing");

    @TestConfiguration(proxyBeanMethods = false)
    static class FailingStore {

        @Bean
        @Primary
        BackupStore failingStore(StoreProperties properties) {
            return new FailingOnce(new DirectoryStore(Objects.requireNonNull(properties.directory())));
        }
    }

    /** A put fails, and the machine sleeps before the next try. */
    private record FailingOnce(BackupStore store) implements BackupStore {

        @Override
        public StoredBlob put(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
            if (name.endsWith(FAILING.get())
                    && SleepingMachine.SLEPT.compareAndSet(Duration.ZERO, SleepingMachine.LIFETIME)) {
                throw new StoreException(Failure.of(FailureReason.STORE_UNAVAILABLE, "no answer"), null);
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

    @BeforeEach
    void prepare() {
        SleepingMachine.SLEPT.set(Duration.ZERO);
        FAILING.set("nothing");
        SigningKeys keys = SigningKeys.in(directory);
        bench.with(FastTime.class)
                .with(SleepingMachine.class)
                .with(FailingStore.class)
                .set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        vault.secrets("app", 3);
    }

    private void assertItSealsNothing() {
        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(result.summary().path("status").asString()).isEqualTo("FAILED");
        assertThat(result.out()).contains("is lost: somebody else has it");
        assertThat(result.failures()).isEqualTo(Map.of("the run itself", "LEASE_LOST"));
        assertThat(result.lines("error")).as("and nothing of what stopped it").hasSize(1);
        assertThat(bench.blobs().keySet()).noneMatch(name -> name.endsWith(".json"));
    }

    @Test
    void nothingIsSealedAfterASleepInABackupCall() {
        vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .before(() -> SleepingMachine.SLEPT.set(SleepingMachine.LIFETIME));

        assertItSealsNothing();
    }

    @Test
    void noManifestIsPutAfterASleepBetweenTwoTries() {
        FAILING.set(".1.json");

        assertItSealsNothing();
    }

    @Test
    void noSignatureIsPutAfterASleepBetweenTwoTries() {
        FAILING.set(".jws");

        assertItSealsNothing();
        assertThat(bench.blobs().keySet()).noneMatch(name -> name.contains("/manifests/"));
    }
}
