package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.view.Cursor;
import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.ledger.Requests;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads what was asked for, as far as whoever reads may see the vaults; a database that can only be read is enough. Safe for use by many threads. */
public final class RequestReader {

    private final DatabaseReads reads;
    private final ObjectProvider<Requests> requests;
    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final InstantSource clock;

    RequestReader(
            DatabaseReads reads,
            ObjectProvider<Requests> requests,
            FleetReader fleet,
            VisibleVaults visible,
            InstantSource clock) {
        this.reads = reads;
        this.requests = requests;
        this.fleet = fleet;
        this.visible = visible;
        this.clock = clock;
    }

    /**
     * A page, the newest first.
     *
     * @param next where the next one begins; null if this is the last
     */
    public record Page(List<Request> requests, @Nullable String next) {

        public Page {
            requests = List.copyOf(requests);
        }
    }

    /** @param behind null for the first page */
    public Reading<Page> page(@Nullable Cursor behind, int size) {
        // asked here, since it is known of this thread
        Predicate<VaultAddress> those = visible.those();
        List<VaultAddress> vaults = visible.all()
                ? null
                : fleet.view().vaults().stream()
                        .map(VaultRow::vault)
                        .filter(those)
                        .toList();
        Requests.After after = behind == null ? null : new Requests.After(behind.at(), behind.id());
        return reads.ask(() -> {
            List<Request> found = requests.getObject().page(vaults, after, size + 1);
            List<Request> shown = found.subList(0, Math.min(size, found.size()));
            return new Page(
                    shown.stream()
                            .filter(request -> maySee(request, those))
                            .map(request -> request.at(clock.instant()))
                            .toList(),
                    found.size() > size
                            ? new Cursor(
                                            shown.getLast().askedAt(),
                                            shown.getLast().id())
                                    .write()
                            : null);
        });
    }

    /** One with its result, if there is one of that id, and it may be seen. */
    public Reading<Optional<Request>> find(String id) {
        Predicate<VaultAddress> those = visible.those();
        return reads.ask(() -> requests.getObject()
                .find(id)
                .filter(request -> maySee(request, those))
                .map(request -> request.at(clock.instant())));
    }

    /** @throws NotAskedException if there is none, or the job database does not tell */
    public Request get(String id) {
        return AskingByName.told(find(id)).orElseThrow(() -> AskingByName.unknown("There is no request " + id + "."));
    }

    /** A plan tells of two vaults. */
    private static boolean maySee(Request request, Predicate<VaultAddress> those) {
        VaultAddress target = request.wish().target();
        return those.test(request.wish().vault()) && (target == null || those.test(target));
    }
}
