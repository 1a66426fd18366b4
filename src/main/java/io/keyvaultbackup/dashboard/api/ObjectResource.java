package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.snapshots.DiffReader;
import io.keyvaultbackup.dashboard.snapshots.HistoryReader;
import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.snapshots.ObjectFilter;
import io.keyvaultbackup.dashboard.snapshots.SearchReader;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Objects over snapshots: one's history, what differs from one snapshot to another, and a search over all vaults. */
@RestController
@RequestMapping("/api/v1")
final class ObjectResource {

    private final NamedVault named;
    private final HistoryReader histories;
    private final DiffReader diffs;
    private final SearchReader searches;

    ObjectResource(NamedVault named, HistoryReader histories, DiffReader diffs, SearchReader searches) {
        this.named = named;
        this.histories = histories;
        this.diffs = diffs;
        this.searches = searches;
    }

    /** @param presence unknown where nobody has looked */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record InRun(
            String snapshot,
            @JsonProperty("in_store") boolean inStore,
            HistoryReader.Presence presence,
            @Nullable SnapshotObjectAnswer state,
            @Nullable Map<String, Change> changes) {

        static InRun of(VaultAddress vault, HistoryReader.Entry entry) {
            return new InRun(
                    entry.snapshot().value(),
                    entry.inStore(),
                    entry.presence(),
                    entry.object() == null ? null : SnapshotObjectAnswer.of(vault, entry.snapshot(), entry.object()),
                    entry.changes() == null ? null : Change.of(entry.changes()));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Change(@Nullable String before, @Nullable String after) {

        static Map<String, Change> of(List<Difference.Field> fields) {
            Map<String, Change> changes = new LinkedHashMap<>();
            fields.forEach(field -> changes.put(field.name(), new Change(field.before(), field.after())));
            return changes;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record History(
            String object,
            SourceAnswer database,
            SourceAnswer store,
            List<InRun> runs,
            @Nullable String next) {}

    /** @param fields what of its state differs, if it is in both */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Differing(
            String object,
            Difference.Change change,
            @Nullable Map<String, Change> fields) {

        static Differing of(Difference difference) {
            return new Differing(
                    difference.id().toString(),
                    difference.change(),
                    difference.fields().isEmpty() ? null : Change.of(difference.fields()));
        }
    }

    /** @param next the offset of the next page; left out if there is none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Diff(
            String before,
            String after,
            Map<Difference.Change, Long> counts,
            List<Differing> differences,
            @Nullable String next) {}

    /** @param without vaults of which neither source tells */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Found(
            List<SnapshotObjectAnswer> objects,
            @JsonProperty("vaults_looked_into") int looked,
            int vaults,
            @JsonProperty("vaults_unknown") List<String> without,
            @Nullable String next) {}

    @GetMapping("/vaults/{vault}/objects/{kind}/{name}/history")
    History history(
            @PathVariable String vault,
            @PathVariable String kind,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        VaultAddress address = named.vault(vault);
        ObjectId id =
                Named.object(kind, name).orElseThrow(() -> Problem.unknown("No object can have that kind and name."));
        HistoryReader.Page page =
                histories.history(address, id, NamedVault.behind(cursor), Limit.of(limit, Limit.USUAL));
        if (page.store().gap() != null) {
            Problem.orMissing(page.database());
        }
        return new History(
                id.toString(),
                SourceAnswer.of(page.database()),
                SourceAnswer.of(page.store()),
                page.entries().stream().map(entry -> InRun.of(address, entry)).toList(),
                page.next() == null ? null : page.next().value());
    }

    @GetMapping("/vaults/{vault}/diff")
    Diff diff(
            @PathVariable String vault,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String change,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        VaultAddress address = named.vault(vault);
        int size = Limit.of(limit, Limit.USUAL);
        DiffReader.Question question =
                NamedVault.parsed(() -> DiffReader.Question.of(from, to, change, Pages.offset(cursor)));
        DiffReader.Pair pair = Problem.orMissing(diffs.diff(address, question, size));
        DiffReader.Diff diff =
                Optional.ofNullable(pair.diff()).orElseThrow(() -> Problem.unknown(String.valueOf(pair.unknown())));
        return new Diff(
                diff.before().id().value(),
                diff.after().id().value(),
                new TreeMap<>(diff.counts()),
                diff.shown().stream().map(Differing::of).toList(),
                question.offset() + size < diff.total() ? String.valueOf(question.offset() + size) : null);
    }

    @GetMapping("/objects")
    Found search(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        ObjectFilter filter = NamedVault.parsed(() -> ObjectFilter.of(q, kind, outcome, state));
        SearchReader.@Nullable Position behind = NamedVault.parsed(
                        () -> Optional.ofNullable(SearchReader.Position.read(cursor)))
                .orElse(null);
        SearchReader.Found found = searches.search(
                named.fleet().view().of(named.visible()).vaults(), filter, behind, Limit.of(limit, Limit.USUAL));
        return new Found(
                found.hits().stream()
                        .map(hit -> SnapshotObjectAnswer.of(hit.vault().vault(), hit.snapshot(), hit.object()))
                        .toList(),
                found.looked(),
                found.all(),
                found.without(),
                found.next() == null ? null : found.next().write());
    }
}
