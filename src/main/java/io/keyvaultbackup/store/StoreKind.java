package io.keyvaultbackup.store;

/** Knows the places of one kind: directories, or containers. Stateless. */
public interface StoreKind {

    /** Whether these name a place of this kind; of properties without problems exactly one kind says so. */
    boolean isOf(StoreProperties properties);

    /** The place that these name. */
    StorePlace place(StoreProperties properties);
}
