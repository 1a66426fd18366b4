package io.keyvaultbackup.scale;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A vault of so many secrets, and what a night asks of it.
 *
 * @param place its subscription and geography
 */
record PlannedVault(int number, int objects, String place) {

    private static final int PAGE = 25;
    private static final int CALLS_OF_A_COPY = 2; // its versions, its backup

    /** By default an object in seven is copied anew each night, and what changed. */
    private static final double REFRESHED = 1.0 / 7;

    /** So many calls of one unit, of which so many are under way at a time at most. */
    record Phase(Kind kind, long calls, int threads) {}

    enum Kind {
        LISTING,
        COPYING
    }

    /** What is done in a night. */
    enum Night {
        /** Everything is copied. */
        FULL,
        /** One object in a hundred has changed, and one in seven is refreshed. */
        USUAL;

        private static final double CHANGED = 0.01;

        long copies(long objects) {
            return this == FULL ? objects : Math.round(objects * (CHANGED + REFRESHED * (1 - CHANGED)));
        }
    }

    VaultAddress address() {
        return VaultAddress.parse("https://vault-" + number + ".vault.azure.net");
    }

    /** The listing, page after page; the copies; the listing that closes. The other two kinds, of which there are none, cost a page each, beside it. */
    List<Phase> phases(Night night, int threads) {
        Phase listing = new Phase(Kind.LISTING, 2L + Math.max(1, Math.ceilDiv(objects, PAGE)), 1);
        Phase copying = new Phase(Kind.COPYING, CALLS_OF_A_COPY * night.copies(objects), threads);
        return Stream.of(listing, copying, listing)
                .filter(phase -> phase.calls() > 0)
                .toList();
    }

    long calls(Night night) {
        return phases(night, 1).stream().mapToLong(Phase::calls).sum();
    }
}
