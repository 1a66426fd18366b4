package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which objects of a snapshot a drill restores: by chance, as many of each kind as there are, other ones in each drill. Only those whose versions
 * the snapshot tells: what was restored is known by them when it is removed. For one thread.
 */
final class Sample {

    private record Drawn(String lot, ObjectId id) {}

    private final String drill;
    private final Map<ObjectKind, List<Drawn>> candidates = new EnumMap<>(ObjectKind.class);
    private final Set<ObjectId> withoutCopy = new HashSet<>();
    private final Map<ObjectKind, Long> copiesOf = new EnumMap<>(ObjectKind.class);

    /** @param drill its id, which decides */
    Sample(String drill) {
        this.drill = drill;
    }

    void add(LedgerObject saved) {
        switch (saved.result().outcome()) {
            case EXCLUDED, DELETED_DURING_RUN, COVERED_BY_CERTIFICATE -> {} // without a copy of their own by right
            case PENDING, FAILED -> withoutCopy.add(saved.object().id());
            case BACKED_UP, UNCHANGED -> {
                if (saved.result().blob() == null) {
                    withoutCopy.add(saved.object().id());
                } else {
                    addCopied(saved);
                }
            }
        }
    }

    private void addCopied(LedgerObject saved) {
        copiesOf.merge(saved.object().id().kind(), 1L, Long::sum);
        if (saved.result().versions() != null && !saved.result().versions().isEmpty()) {
            ObjectId id = saved.object().id();
            MessageDigest digest = Sha256.digest();
            digest.update((drill + "\n" + id).getBytes(StandardCharsets.UTF_8));
            candidates.computeIfAbsent(id.kind(), kind -> new ArrayList<>()).add(new Drawn(Sha256.text(digest), id));
        }
    }

    /** @param most how many; 0 for all */
    Set<ObjectId> choose(int most) {
        Set<ObjectId> chosen = new HashSet<>();
        candidates.values().forEach(ofKind -> ofKind.sort(Comparator.comparing(Drawn::lot)));
        int longest = candidates.values().stream().mapToInt(List::size).max().orElse(0);
        for (int place = 0; place < longest; place++) {
            for (List<Drawn> ofKind : candidates.values()) {
                if (place < ofKind.size() && (most == 0 || chosen.size() < most)) {
                    chosen.add(ofKind.get(place).id());
                }
            }
        }
        return chosen;
    }

    /** What should have a copy and has none, so that nobody can restore it. */
    Set<ObjectId> withoutCopy() {
        return withoutCopy;
    }

    /**
     * What cannot be tried, since the snapshot does not tell its versions: all of it where everything is to be tried, else whole kinds.
     *
     * @param most as of {@link #choose}
     */
    List<String> untried(int most) {
        List<String> untried = new ArrayList<>();
        copiesOf.forEach((kind, copies) -> {
            long without = copies - candidates.getOrDefault(kind, List.of()).size();
            if (without > 0 && (most == 0 || without == copies)) {
                untried.add("the versions of " + without + " copies of " + kind.collection()
                        + ", which were not tried for that reason");
            }
        });
        return untried;
    }

    /** How many copies the snapshot has. */
    long copies() {
        return copiesOf.values().stream().mapToLong(Long::longValue).sum();
    }
}
