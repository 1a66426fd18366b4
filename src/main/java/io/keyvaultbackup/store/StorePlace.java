package io.keyvaultbackup.store;

import io.keyvaultbackup.examination.Examination;

/** A place that copies are kept in, with all the ways to use it. Talks to nobody until one of these does. */
public interface StorePlace {

    BackupStore store();

    Leases leases();

    BlobRemoval removal();

    BlobProtection protection();

    Examination examination();

    /** Looks at how it protects what is in it; throws nothing that its service says. */
    SeenProtection seenProtection();
}
