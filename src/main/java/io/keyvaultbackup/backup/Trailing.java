package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a closing listing follow backups that are still made: a page is asked for once the ledger has what became of the objects that it will most likely
 * tell of, as those are copied by name and a service that lists by name tells of them in that order. In whichever order it lists, what it told of too
 * early is noticed. Safe for use by many threads.
 */
final class Trailing implements Inventory.Pace {

    /** Two pages, as some of what is recorded may be gone by now. */
    private static final int FAR_ENOUGH = 50;

    private final ObjectLedger ledger;
    private final SnapshotId snapshot;
    private final SideBySide steps;
    private final int ahead;
    private final Map<ObjectKind, String> firstLeft = new ConcurrentHashMap<>();
    private final Set<ObjectKind> noneLeft = ConcurrentHashMap.newKeySet();
    private volatile boolean beside;
    private volatile boolean early;

    /** @param from how many objects a vault has at least that is listed beside backups */
    Trailing(ObjectLedger ledger, SnapshotId snapshot, SideBySide steps, int from) {
        this.ledger = ledger;
        this.snapshot = snapshot;
        this.steps = steps;
        this.ahead = Math.min(FAR_ENOUGH, from);
    }

    /** Before the listing. */
    void begin() {
        beside = steps.copying() != SideBySide.Standing.DONE;
    }

    @Override
    public boolean before(ObjectKind kind, String last) {
        while (isOfUse() && !mayTellOfWhatFollows(kind, last)) {
            steps.awaitChange();
        }
        return isOfUse();
    }

    private boolean isOfUse() {
        return !early && !steps.isEnding() && steps.copying() != SideBySide.Standing.BROKEN_OFF;
    }

    private boolean mayTellOfWhatFollows(ObjectKind kind, String last) {
        String before = firstLeft.getOrDefault(kind, "");
        String first = steps.copying() == SideBySide.Standing.AT_WORK && !noneLeft.contains(kind)
                ? ledger.firstPending(snapshot, kind, before).orElse(null)
                : null;
        if (first == null) {
            noneLeft.add(kind);
            firstLeft.remove(kind);
        } else {
            firstLeft.put(kind, first);
        }
        return first == null || ledger.isApart(snapshot, kind, last, first, ahead);
    }

    /** Asks no ledger once the execution shall end: whoever lists may be interrupted then, and H2 closes the database of a thread that is. */
    @Override
    public boolean after(ObjectKind kind, List<VaultObject> page) {
        String first = firstLeft.get(kind);
        if (first != null
                && isOfUse()
                && ledger.isAnyFrom(
                        snapshot,
                        kind,
                        first,
                        page.stream().map(object -> object.id().name()).toList())) {
            early = true;
        }
        return first == null || isOfUse();
    }

    /** Whether objects were still copied when the listing began. */
    boolean isBeside() {
        return beside;
    }
}
