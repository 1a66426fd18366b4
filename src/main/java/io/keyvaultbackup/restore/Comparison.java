package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An object of a snapshot held against what has its name in a vault: versions (which, and of each whether it is enabled and when it expires),
 * whether it is enabled, its times of validity, tags and content type. When it was made and changed is not compared: a purge and a restore may
 * move those. Stateless.
 */
final class Comparison {

    private static final int IDS_TOLD = 3;

    private Comparison() {}

    /**
     * What is not the same.
     *
     * @param there as the vault lists it; null if it does not
     * @param versions that it has there; null if they are not to be compared
     */
    static List<Deviation> of(RestoreRow saved, @Nullable VaultObject there, @Nullable List<ObjectVersion> versions) {
        List<Deviation> deviations = new ArrayList<>();
        if (there == null) {
            deviations.add(new Deviation("object", "there", null));
            return deviations;
        }
        ChangeToken before = saved.object().token();
        ChangeToken after = there.token();
        differ(deviations, "managed", saved.object().managed(), there.managed());
        differ(deviations, "enabled", before.enabled(), after.enabled());
        differ(deviations, "notBefore", before.notBefore(), after.notBefore());
        differ(deviations, "expires", before.expires(), after.expires());
        differ(deviations, "contentType", before.contentType(), after.contentType());
        TreeSet<String> tags = new TreeSet<>(before.tags().keySet());
        tags.addAll(after.tags().keySet());
        for (String tag : tags) {
            differ(
                    deviations,
                    "tags." + tag,
                    before.tags().get(tag),
                    after.tags().get(tag));
        }
        if (saved.versions() != null && versions != null) {
            compare(deviations, saved.versions(), versions);
        }
        return deviations;
    }

    private static void compare(List<Deviation> deviations, List<ObjectVersion> saved, List<ObjectVersion> there) {
        Map<String, ObjectVersion> before = byId(saved);
        Map<String, ObjectVersion> after = byId(there);
        if (!before.keySet().equals(after.keySet())) {
            deviations.add(new Deviation("versions", told(before, after), told(after, before)));
        }
        before.forEach((id, version) -> {
            ObjectVersion now = after.get(id);
            if (now != null) {
                differ(deviations, "versions." + id + ".enabled", version.enabled(), now.enabled());
                differ(deviations, "versions." + id + ".expires", version.expires(), now.expires());
            }
        });
    }

    /** Whether the very same versions are there: what a restore of the copy makes, and nothing else does. */
    static boolean areTheSame(@Nullable List<ObjectVersion> saved, List<ObjectVersion> there) {
        return saved != null
                && !there.isEmpty()
                && byId(saved).keySet().equals(byId(there).keySet());
    }

    private static Map<String, ObjectVersion> byId(List<ObjectVersion> versions) {
        return versions.stream()
                .collect(Collectors.toMap(ObjectVersion::id, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    /** {@code 3, of them only here 1f…, 2e…}. */
    private static String told(Map<String, ObjectVersion> versions, Map<String, ObjectVersion> others) {
        List<String> alone =
                versions.keySet().stream().filter(id -> !others.containsKey(id)).toList();
        return versions.size()
                + (alone.isEmpty()
                        ? ""
                        : " (only here: "
                                + alone.stream().limit(IDS_TOLD).collect(Collectors.joining(", "))
                                + (alone.size() > IDS_TOLD ? ", …" : "") + ")");
    }

    private static void differ(
            List<Deviation> deviations, String field, @Nullable Object saved, @Nullable Object there) {
        if (!Objects.equals(saved, there)) {
            deviations.add(new Deviation(
                    field, saved == null ? null : saved.toString(), there == null ? null : there.toString()));
        }
    }
}
