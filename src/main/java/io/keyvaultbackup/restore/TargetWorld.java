package io.keyvaultbackup.restore;

import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.snapshot.VaultPlace;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether copies can be opened where they are to go: in the subscription and the geography where they were made, and in no other. A vault tells
 * neither, so it is what the manifest says of the source, and of the target what the configuration says, or else its own newest manifest.
 */
final class TargetWorld {

    private final RestoreProperties properties;
    private final Catalogue catalogue;

    TargetWorld(RestoreProperties properties, Catalogue catalogue) {
        this.properties = properties;
        this.catalogue = catalogue;
    }

    /** Why nothing of the snapshot can be restored there; null if nothing is known against it. */
    @Nullable
    String against(RestoreRequest request, ManifestHead head) {
        if (head.request().vault().equals(request.target())) {
            return null;
        }
        VaultPlace from = head.place();
        VaultPlace to = placeOf(request);
        if (differ(from.subscription(), to.subscription())) {
            return "it was backed up in subscription " + from.subscription() + ", and " + request.target()
                    + " is in subscription " + to.subscription() + ": a backup opens in its own subscription alone";
        }
        if (differ(from.geography(), to.geography())) {
            return "it was backed up in the geography " + from.geography() + ", and " + request.target() + " is in "
                    + to.geography() + ": a backup opens in its own geography alone";
        }
        return null;
    }

    private static boolean differ(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !normal(one).equals(normal(other));
    }

    private static String normal(String place) {
        return place.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
    }

    private VaultPlace placeOf(RestoreRequest request) {
        VaultPlace said = properties.place();
        if (said.subscription() != null && said.geography() != null) {
            return said;
        }
        VaultPlace recorded = recorded(request);
        return new VaultPlace(
                said.subscription() == null ? recorded.subscription() : said.subscription(),
                said.geography() == null ? recorded.geography() : said.geography());
    }

    private VaultPlace recorded(RestoreRequest request) {
        List<StoredSnapshot> own = catalogue.snapshots(List.of(request.target().storeName()));
        try {
            return own.isEmpty()
                    ? VaultPlace.UNKNOWN
                    : catalogue.head(own.getFirst().manifest()).place();
        } catch (UnreadableManifestException unreadable) { // the service will say
            return VaultPlace.UNKNOWN;
        }
    }
}
