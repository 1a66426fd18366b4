package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.run.SnapshotId;
import java.time.Duration;
import java.time.Instant;

/**
 * The newest complete snapshot of a vault.
 *
 * @param asOf the moment of which no copy in it is older, as far as is known
 * @param age since then
 */
public record GoodCopy(SnapshotId snapshot, Instant asOf, Duration age) {

    static GoodCopy of(SnapshotId snapshot, Instant asOf, Instant now) {
        Duration age = Duration.between(asOf, now);
        return new GoodCopy(snapshot, asOf, age.isNegative() ? Duration.ZERO : age);
    }
}
