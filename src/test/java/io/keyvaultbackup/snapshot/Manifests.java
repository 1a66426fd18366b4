package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultObject;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes manifests of invented objects. */
public final class Manifests {

    private static final Instant NIGHT = Instant.parse("2026-11-24T03:00:00Z");
    private static final List<ObjectKind> KINDS = List.of(ObjectKind.SECRET, ObjectKind.KEY, ObjectKind.CERTIFICATE);
    private static final Outcome[] OUTCOMES = {
        Outcome.BACKED_UP,
        Outcome.BACKED_UP,
        Outcome.BACKED_UP,
        Outcome.EXCLUDED,
        Outcome.DELETED_DURING_RUN,
        Outcome.FAILED
    };

    private Manifests() {}

    /** So many objects with all that a manifest can tell of them. */
    public static List<LedgerObject> objects(Random random, int count) {
        List<LedgerObject> objects = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            ObjectKind kind = KINDS.get(number * KINDS.size() / count);
            objects.add(object(random, new ObjectId(kind, String.format("object-%06d", number))));
        }
        return objects;
    }

    private static LedgerObject object(Random random, ObjectId id) {
        Outcome outcome = OUTCOMES[random.nextInt(OUTCOMES.length)];
        ChangeToken token = new ChangeToken(
                NIGHT.minusSeconds(random.nextInt(1_000_000)),
                NIGHT.minusSeconds(random.nextInt(1_000_000)),
                random.nextBoolean(),
                null,
                random.nextBoolean() ? NIGHT.plusSeconds(1_000_000) : null,
                random.nextBoolean() ? Map.of("team", "a\"\\\u00e9" + random.nextInt(9), "b", "") : Map.of(),
                id.kind() == ObjectKind.SECRET && id.name().endsWith("1") ? "text/plain; \"\u00e9\"" : null);
        ObjectResult.Blob blob = new ObjectResult.Blob(
                names().blob(id, 1),
                random.nextBoolean() ? "2026-11-24T03:00:01.0000000Z" : null,
                5_000,
                "0123456789abcdef".repeat(4),
                NIGHT,
                random.nextBoolean() ? NIGHT.minusMillis(1) : null);
        @Nullable
        Failure failure = outcome == Outcome.FAILED
                ? new Failure(FailureReason.UNAVAILABLE, 503, "ServiceUnavailable", "busy", "request", null)
                : null;
        return new LedgerObject(
                new VaultObject(id, token, false),
                NIGHT,
                1,
                new ObjectResult(
                        id,
                        outcome,
                        1,
                        List.of(new ObjectVersion("0123456789abcdef0123456789abcdef", true, NIGHT, null)),
                        outcome == Outcome.BACKED_UP ? blob : null,
                        failure));
    }

    private static SnapshotNames names() {
        return SnapshotNames.of(head(List.of(), ChainLink.NONE).request());
    }

    /** Their manifest's name. */
    public static String name(List<LedgerObject> objects) {
        return SnapshotNames.of(head(objects, ChainLink.NONE).request()).manifest(1);
    }

    /** The head that fits them. */
    public static ManifestHead head(List<LedgerObject> objects, ChainLink chain) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        objects.forEach(object -> counts.merge(object.result().outcome(), 1L, Long::sum));
        return new ManifestHead(
                new RunRequest(VaultAddress.parse("https://team-a.vault.azure.net"), NIGHT, Selection.everything()),
                1,
                NIGHT,
                NIGHT.plusSeconds(9),
                VaultPlace.UNKNOWN,
                !counts.containsKey(Outcome.FAILED),
                NIGHT.plusSeconds(8),
                List.of(),
                0,
                chain,
                List.of(new Listing(ObjectKind.SECRET, objects.size(), null)),
                counts);
    }

    /** Their manifest. */
    public static byte[] bytes(List<LedgerObject> objects) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(
                bytes,
                objects,
                new ChainLink(2, "team-a.vault.azure.net/manifests/20261123T030000Z-4f2a9c.1.json", "00".repeat(32)));
        return bytes.toByteArray();
    }

    /** The same, into a stream. */
    public static void write(OutputStream output, List<LedgerObject> objects, ChainLink chain) {
        try (ManifestWriter writer = new ManifestWriter(output, head(objects, chain))) {
            objects.forEach(writer::write);
        }
    }
}
