package io.keyvaultbackup.vault;

import java.util.Comparator;

/** Which object of a vault: its kind and its name, {@code secret/db-password} in text. Ordered by kind, then name. */
public record ObjectId(ObjectKind kind, String name) implements Comparable<ObjectId> {

    private static final Comparator<ObjectId> ORDER =
            Comparator.comparing(ObjectId::kind).thenComparing(ObjectId::name);

    @Override
    public int compareTo(ObjectId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.word() + "/" + name;
    }
}
