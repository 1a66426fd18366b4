package io.keyvaultbackup.ledger;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the job database keeps.
 *
 * @param keepObjects of how many complete runs of a vault, the newest ones, the job database keeps the outcome of each object; those that are not
 *     complete keep theirs, and of the others the manifests tell
 */
@ConfigurationProperties(LedgerProperties.PREFIX)
public record LedgerProperties(@DefaultValue("2") int keepObjects) {

    static final String PREFIX = "keyvault-backup.ledger";

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        return keepObjects >= 1
                ? List.of()
                : List.of(PREFIX + ".keep-objects: " + keepObjects
                        + " is not 1 or more, such as 2: what the newest complete run of a vault did is asked for");
    }
}
