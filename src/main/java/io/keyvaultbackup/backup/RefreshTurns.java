package io.keyvaultbackup.backup;

import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.vault.ObjectId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Which objects are copied on a day though nothing about them seems to have changed: each at least every so many days, and about the same number
 * on each. An object's place is that of its name's hash among the hashes of all; where those come and go the places move a little, and
 * whoever missed his turn so is due by the age of his copy. For one thread.
 *
 * <p>Memory does not grow with the vault: hashes are counted in 65,536 cells, so a day has at most a cell more than its share.
 */
final class RefreshTurns {

    private static final int CELLS = 1 << 16;

    private final int every;
    private final long today;
    private final int[] before = new int[CELLS + 1];
    private final Consumer<Consumer<ObjectId>> objects;
    private boolean summed;

    /**
     * @param every how many days may pass; 0: any number
     * @param today the day of the run, counted from 1970 in UTC
     * @param objects hands on all objects that have copies of their own; asked once, and only if need be
     */
    RefreshTurns(int every, long today, Consumer<Consumer<ObjectId>> objects) {
        this.every = every;
        this.today = today;
        this.objects = objects;
    }

    static long day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    /** @param copied the day that the object's copy is of */
    boolean isDue(ObjectId object, long copied) {
        return every > 0
                && (copied <= today - every || (copied < today && turn(object) == Math.floorMod(today, every)));
    }

    private long turn(ObjectId object) {
        if (!summed) {
            objects.accept(one -> before[cell(one) + 1]++);
            for (int cell = 0; cell < CELLS; cell++) {
                before[cell + 1] += before[cell];
            }
            summed = true;
        }
        return (long) before[cell(object)] * every / Math.max(1, before[CELLS]);
    }

    private static int cell(ObjectId object) {
        MessageDigest digest = Sha256.digest();
        byte[] hash = digest.digest(object.toString().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        return Byte.toUnsignedInt(hash[0]) << 8 | Byte.toUnsignedInt(hash[1]);
    }
}
