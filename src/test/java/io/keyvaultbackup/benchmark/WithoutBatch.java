package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.azure.AzureConfiguration;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pacing.TimeConfiguration;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.directory.DirectoryStore;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import io.keyvaultbackup.vault.Vaults;
import io.keyvaultbackup.vault.azure.SigningConfiguration;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * A program that makes a backup's calls with the product's own parts, and has no job repository, no ledger and no manifest: what a backup takes beyond it is what
 * those cost.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ConfigurationPropertiesAutoConfiguration.class, SslAutoConfiguration.class})
@Import({AzureConfiguration.class, SigningConfiguration.class, TimeConfiguration.class})
class WithoutBatch {

    /** As many as a backup has if nobody says otherwise, and as much. */
    private static final int THREADS = 32;

    private static final long MEMORY = 64L << 20;

    /** @param arguments options of Spring Boot: where the configuration of a backup is, and {@code --vault} */
    static void main(String[] arguments) throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WithoutBatch.class)
                .web(WebApplicationType.NONE)
                .run(arguments)) {
            Environment given = context.getEnvironment();
            Vault vault = new PacedVault(
                    context.getBean(Vaults.class).open(URI.create(given.getRequiredProperty("vault"))),
                    new Pacer(
                            Budget.parse(given.getRequiredProperty("keyvault-backup.budget")),
                            context.getBean(Stopwatch.class)));
            backUp(vault, new DirectoryStore(Path.of(given.getRequiredProperty("keyvault-backup.store.directory"))));
        }
    }

    private static void backUp(Vault vault, BackupStore store) throws Exception {
        Deque<ObjectId> left = list(vault);
        int expected = left.size();
        MemoryBudget memory = new MemoryBudget(MEMORY);
        Stage<ObjectId> stage = Stage.<ObjectId, ObjectId>workAhead("backup", THREADS, left::poll, id -> {
            versions(vault, id);
            try (ProtectedBytes bytes = vault.backup(id, 1, memory)) {
                store.put(
                        "vault/run/" + id.kind().word() + "/" + id.name() + ".1",
                        BlobContent.of(bytes.content()),
                        Map.of("kind", id.kind().word(), "object", id.name()));
            }
            return id;
        });
        int done = 0;
        stage.open(new ExecutionContext());
        while (stage.read() != null) {
            done++;
        }
        stage.close();
        if (done != expected || list(vault).size() != expected) {
            throw new IllegalStateException(done + " of " + expected + " were backed up");
        }
    }

    private static Deque<ObjectId> list(Vault vault) {
        Deque<ObjectId> objects = new ArrayDeque<>();
        for (ObjectKind kind : ObjectKind.values()) {
            @Nullable String next = null;
            do {
                Page<VaultObject> page = vault.list(kind, next);
                page.items().forEach(object -> objects.add(object.id()));
                next = page.next();
            } while (next != null);
        }
        return objects;
    }

    private static void versions(Vault vault, ObjectId id) {
        @Nullable String next = null;
        do {
            Page<ObjectVersion> page = vault.versions(id, next);
            next = page.next();
        } while (next != null);
    }
}
