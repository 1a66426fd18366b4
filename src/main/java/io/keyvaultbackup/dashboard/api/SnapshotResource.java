package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.snapshots.ObjectFilter;
import io.keyvaultbackup.dashboard.snapshots.ObjectReader;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A vault's snapshots, and the objects of one. */
@RestController
@RequestMapping("/api/v1/vaults/{vault}/snapshots")
final class SnapshotResource {

    private static final int USUAL_SNAPSHOTS = 30;

    /** The head of each manifest is read, one after the other; whoever asks for more gets these, and a cursor. */
    private static final int MOST_SNAPSHOTS = 100;

    private static final int USUAL_OBJECTS = 100;

    private final NamedVault named;
    private final SnapshotReader snapshots;
    private final ObjectReader objects;

    SnapshotResource(NamedVault named, SnapshotReader snapshots, ObjectReader objects) {
        this.named = named;
        this.snapshots = snapshots;
        this.objects = objects;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Snapshots(
            SourceAnswer database,
            SourceAnswer store,
            List<SnapshotAnswer> snapshots,
            @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Objects(
            List<SnapshotObjectAnswer> objects, @Nullable String next) {}

    @GetMapping
    Snapshots list(
            @PathVariable String vault,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        VaultAddress address = named.vault(vault);
        int size = Math.min(Limit.of(limit, USUAL_SNAPSHOTS), MOST_SNAPSHOTS);
        SnapshotReader.Page page = snapshots.list(address, NamedVault.behind(cursor), size);
        if (page.store().gap() != null) {
            Problem.orMissing(page.database());
        }
        return new Snapshots(
                SourceAnswer.of(page.database()),
                SourceAnswer.of(page.store()),
                page.snapshots().stream()
                        .map(one -> SnapshotAnswer.of(address, one))
                        .toList(),
                page.next() == null ? null : page.next().value());
    }

    @GetMapping("/{snapshot}")
    SnapshotAnswer one(@PathVariable String vault, @PathVariable String snapshot) {
        VaultAddress address = named.vault(vault);
        return SnapshotAnswer.of(address, named.snapshot(address, NamedVault.id(snapshot)));
    }

    @GetMapping("/{snapshot}/objects")
    Objects objects(
            @PathVariable String vault,
            @PathVariable String snapshot,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        VaultAddress address = named.vault(vault);
        ObjectFilter filter = NamedVault.parsed(() -> ObjectFilter.of(q, kind, outcome, state));
        SnapshotFacts facts = named.snapshot(address, NamedVault.id(snapshot));
        ObjectReader.Page page =
                Problem.orMissing(objects.page(facts, filter, behind(cursor), Limit.of(limit, USUAL_OBJECTS)));
        return new Objects(
                page.objects().stream()
                        .map(object -> SnapshotObjectAnswer.of(address, facts.id(), object))
                        .toList(),
                page.next() == null ? null : page.next().toString());
    }

    private static @Nullable ObjectId behind(@Nullable String cursor) {
        return cursor == null || cursor.isEmpty() ? null : Named.object(cursor).orElseThrow(Problem::wrongCursor);
    }
}
