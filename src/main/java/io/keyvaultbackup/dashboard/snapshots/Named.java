package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an address names: nothing, unless it is a name that the service or a run can have given. Stateless. */
public final class Named {

    private static final Pattern SNAPSHOT = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z-]{1,127}");

    private Named() {}

    public static Optional<SnapshotId> snapshot(String text) {
        return Optional.of(text)
                .filter(SNAPSHOT.asMatchPredicate())
                .map(SnapshotId::new)
                .filter(id -> id.scheduledFor().isPresent());
    }

    public static Optional<ObjectId> object(String kind, String name) {
        return Arrays.stream(ObjectKind.values())
                .filter(one -> one.word().equals(kind) && NAME.matcher(name).matches())
                .findFirst()
                .map(one -> new ObjectId(one, name));
    }

    /**
     * What the name of an object may have in it.
     *
     * @param text null or empty for anything
     * @return null for anything
     * @throws IllegalArgumentException with the parameter {@code q} and a sentence for people
     */
    public static @Nullable String part(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (!NAME.matcher(text.strip()).matches()) {
            throw new IllegalArgumentException("q: names have letters, digits and dashes, 127 at most");
        }
        return text.strip();
    }

    /** @param text such as {@code secret/db-password} */
    public static Optional<ObjectId> object(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? Optional.empty() : object(text.substring(0, slash), text.substring(slash + 1));
    }
}
