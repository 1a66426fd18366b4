package io.keyvaultbackup.store;

import java.util.function.Function;

/** Looks at how the places protect what is in them; nothing is written, and nothing tried. */
@FunctionalInterface
public interface ProtectionLook {

    /** By a vault's folder, how its copies are protected. Each place is looked at once, when a vault that is kept there is asked for; throws nothing. */
    Function<String, SeenProtection> look();
}
