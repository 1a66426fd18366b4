package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

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

    /** @param text such as {@code secret/db-password} */
    public static Optional<ObjectId> object(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? Optional.empty() : object(text.substring(0, slash), text.substring(slash + 1));
    }
}
