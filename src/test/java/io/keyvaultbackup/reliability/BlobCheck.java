package io.keyvaultbackup.reliability;

import io.keyvaultbackup.emulator.BackupContent;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.HistoryEntry;
import io.keyvaultbackup.reliability.KeptBlobs.Kept;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the blob of an object that is said to be backed up is there, whole, its own, and of the state that the vault has. */
final class BlobCheck {

    private final EmulatedVault vault;
    private final String vaultsPlace;
    private final String place;
    private final Map<String, Kept> blobs;

    /**
     * @param vaultsPlace what the names of all blobs of this vault start with
     * @param place the same of those that this snapshot's run made
     */
    BlobCheck(EmulatedVault vault, String vaultsPlace, String place, Map<String, Kept> blobs) {
        this.vault = vault;
        this.vaultsPlace = vaultsPlace;
        this.place = place;
        this.blobs = blobs;
    }

    List<String> of(ObjectRecord object) {
        List<String> wrong = new ArrayList<>();
        String name = object.blob();
        if (name == null) {
            return List.of("is backed up, and no blob is named");
        }
        boolean earlier = object.outcome().equals("UNCHANGED");
        String folder = earlier ? Pattern.quote(vaultsPlace) + "[^/]+/" : Pattern.quote(place);
        if (!Pattern.matches(folder + Pattern.quote(object.id()) + "\\.[1-9][0-9]*(\\.[2-9])?", name)
                || (earlier && name.startsWith(place))) {
            wrong.add("its blob " + name + " is none of this object and " + (earlier ? "of an earlier " : "")
                    + "snapshot");
        }
        Kept kept = blobs.get(name);
        if (kept == null) {
            wrong.add("its blob " + name + " is not there");
            return wrong;
        }
        same("the blob's size", object.size(), (long) kept.bytes().length, wrong);
        same("the blob's SHA-256", object.sha256(), sha256(kept.bytes()), wrong);
        same("the metadata's kind", object.kind(), kept.metadata().get("kind"), wrong);
        same("the metadata's object", object.name(), kept.metadata().get("object"), wrong);
        same("the metadata's SHA-256", object.sha256(), kept.metadata().get("sha256"), wrong);
        same("the metadata's token", object.tokensSha256(), kept.metadata().get("token"), wrong);
        checkTime(object.callBegan(), kept.metadata().get("began"), wrong);
        checkContent(object, kept.bytes(), wrong);
        return wrong;
    }

    /** A database keeps microseconds, rounded. */
    private static void checkTime(@Nullable Instant said, @Nullable String began, List<String> wrong) {
        boolean fits = said != null
                && began != null
                && Duration.between(said, Instant.parse(began)).abs().compareTo(Duration.ofNanos(1_000)) <= 0;
        if (!fits) {
            wrong.add("its call began at " + said + ", and by the metadata at " + began);
        }
    }

    private void checkContent(ObjectRecord object, byte[] bytes, List<String> wrong) {
        BackupContent content;
        try {
            content = vault.openBackup(bytes);
        } catch (IllegalArgumentException refused) {
            wrong.add("the service could not open its blob: " + refused.getMessage());
            return;
        }
        same("its blob holds", object.id(), content.kind() + "/" + content.name(), wrong);
        List<HistoryEntry> history = vault.history(object.kind(), object.name());
        if (history.isEmpty()) {
            wrong.add("the vault never had it");
            return;
        }
        same("its blob holds the versions", history.getLast().versions(), content.versions(), wrong);
        same("its blob holds the state", history.getLast().revision(), content.revision(), wrong);
    }

    private static void same(String what, @Nullable Object said, @Nullable Object is, List<String> wrong) {
        if (!Objects.equals(said, is)) {
            wrong.add(what + " is " + is + ", and should be " + said);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
