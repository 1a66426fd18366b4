package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is in the vault that is restored into, at one time: a few hundred bytes of memory for each object. Names are the same in any case, as in
 * the service. Safe for use by many threads once it is made.
 */
final class TargetListing {

    private final Map<String, VaultObject> live = new ConcurrentHashMap<>();
    private final Map<String, DeletedObject> deleted = new ConcurrentHashMap<>();
    private volatile @Nullable String deletedUnknown;

    private TargetListing() {}

    /** Nothing was asked. */
    static TargetListing unasked() {
        return new TargetListing();
    }

    /** Lists what is there, the three kinds side by side. */
    static TargetListing of(Vault vault, Patience patience, RunMonitor monitor) {
        TargetListing listing = new TargetListing();
        ofEachKind(kind -> pages(next -> patience.call(() -> vault.list(kind, next)), object -> {
            listing.live.put(key(object.id()), object);
            monitor.listed(1);
        }));
        return listing;
    }

    /** The same, with what was deleted and is kept; whoever may not list that hears of it later, object by object. */
    static TargetListing withDeleted(Vault vault, RestoreTarget target, Patience patience, RunMonitor monitor) {
        TargetListing listing = of(vault, patience, monitor);
        try {
            ofEachKind(kind -> pages(
                    next -> patience.call(() -> target.deleted(kind, next)),
                    object -> listing.deleted.put(key(object.id()), object)));
        } catch (FailureException failed) {
            if (!failed.failure().reason().isMissingPermission()) {
                throw failed;
            }
            listing.deletedUnknown = failed.failure().describe();
        }
        return listing;
    }

    private static void ofEachKind(Consumer<ObjectKind> list) {
        List<CompletableFuture<Void>> kinds = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            kinds.add(CompletableFuture.runAsync(
                    () -> list.accept(kind),
                    task -> Thread.ofVirtual().name("listing").start(task)));
        }
        try {
            CompletableFuture.allOf(kinds.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException own ? own : failed;
        }
    }

    private static <T> void pages(Function<@Nullable String, Page<T>> ask, Consumer<T> each) {
        @Nullable String next = null;
        do {
            Page<T> page = ask.apply(next);
            page.items().forEach(each);
            next = page.next();
        } while (next != null);
    }

    private static String key(ObjectId id) {
        return id.kind().word() + "/" + id.name().toLowerCase(Locale.ROOT);
    }

    @Nullable
    VaultObject live(ObjectId id) {
        return live.get(key(id));
    }

    @Nullable
    DeletedObject deleted(ObjectId id) {
        return deleted.get(key(id));
    }

    Collection<VaultObject> all() {
        return live.values();
    }

    /** Why nobody knows what was deleted; null if it is known. */
    @Nullable
    String deletedUnknown() {
        return deletedUnknown;
    }
}
