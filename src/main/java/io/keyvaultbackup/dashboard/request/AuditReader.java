package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.AuditLog;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads who did what: to an operator of all vaults everything, to one of some what was done at those. Safe for use by many threads. */
public final class AuditReader {

    private final DatabaseReads reads;
    private final ObjectProvider<AuditLog> log;
    private final FleetReader fleet;

    AuditReader(DatabaseReads reads, ObjectProvider<AuditLog> log, FleetReader fleet) {
        this.reads = reads;
        this.log = log;
        this.fleet = fleet;
    }

    /**
     * What is looked for; what is null or blank is not.
     *
     * @param who part of a name
     * @param vault part of an address
     * @param action the whole of it
     */
    public record Query(
            @Nullable String who,
            @Nullable String vault,
            @Nullable String action) {

        public Query {
            who = given(who);
            vault = given(vault);
            action = given(action);
        }

        private static @Nullable String given(@Nullable String text) {
            return text == null || text.isBlank() ? null : text.strip();
        }
    }

    /** @param next where the next page begins; null if this is the last */
    public record Page(
            List<AuditLog.Kept> entries, @Nullable Long next) {

        public Page {
            entries = List.copyOf(entries);
        }
    }

    /** @param before entries of lower numbers; null for the first page */
    public Reading<Page> page(Person person, Query query, @Nullable Long before, int size) {
        List<VaultAddress> vaults = person.operatesAll()
                ? null
                : fleet.view().vaults().stream()
                        .map(VaultRow::vault)
                        .filter(person::mayOperate)
                        .toList();
        AuditLog.Wanted wanted = new AuditLog.Wanted(vaults, query.who(), query.vault(), query.action());
        return reads.ask(() -> {
            List<AuditLog.Kept> found = log.getObject().page(wanted, before, size + 1);
            List<AuditLog.Kept> shown = found.subList(0, Math.min(size, found.size()));
            return new Page(shown, found.size() > size ? shown.getLast().number() : null);
        });
    }
}
