package io.keyvaultbackup.backup;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.HistoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Somebody who changes the objects of a vault at random, and knows the state of each at any time. Safe for use by many threads. */
final class Unrest {

    /** An object that no certificate owns. */
    record Named(String kind, String name) {

        @Override
        public String toString() {
            return kind + "/" + name;
        }
    }

    private final EmulatedVault vault;
    private final Random random;
    private final List<Named> names = new ArrayList<>();
    private long changes;

    Unrest(EmulatedVault vault, Random random) {
        this.vault = vault;
        this.random = random;
        for (int number = 0; number < 8; number++) {
            vault.secret("secret-" + number);
            names.add(new Named("secret", "secret-" + number));
        }
        for (int number = 0; number < 4; number++) {
            vault.key("key-" + number);
            vault.certificate("certificate-" + number);
            names.add(new Named("key", "key-" + number));
            names.add(new Named("certificate", "certificate-" + number));
        }
    }

    /** One change: a new version, other attributes, deleted, recovered, purged and made anew under the same name. */
    void change() {
        SkippingTime.atOneMoment(this::changeOne);
    }

    private synchronized void changeOne() {
        Named chosen = names.get(random.nextInt(names.size()));
        String kind = chosen.kind();
        String name = chosen.name();
        changes++;
        if (vault.object(kind, name).isEmpty()) {
            if (random.nextBoolean()) {
                vault.recover(kind, name);
            } else {
                vault.purge(kind, name);
                vault.make(kind, name);
            }
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> vault.delete(kind, name);
            case 1 -> vault.enable(kind, name, random.nextBoolean());
            case 2 -> vault.tag(kind, name, Map.of("change", String.valueOf(changes)));
            case 3 -> vault.tag(kind.equals("certificate") ? "secret" : kind, name, Map.of("a", "b"));
            default -> vault.rotate(kind, name);
        }
    }

    synchronized long changes() {
        return changes;
    }

    List<Named> names() {
        return names;
    }

    /** The state that an object was in then; empty if it was not there. */
    Optional<HistoryEntry> at(Named object, Instant moment) {
        return vault.history(object.kind(), object.name()).stream()
                .filter(entry -> !entry.at().isAfter(moment))
                .reduce((former, later) -> later)
                .filter(entry ->
                        !entry.change().equals("deleted") && !entry.change().equals("purged"));
    }

    /** Whether this was done to the object between two moments. */
    boolean was(String change, Named object, Instant from, Instant until) {
        return vault.history(object.kind(), object.name()).stream()
                .anyMatch(entry -> entry.change().equals(change)
                        && entry.at().isAfter(from)
                        && !entry.at().isAfter(until));
    }
}
