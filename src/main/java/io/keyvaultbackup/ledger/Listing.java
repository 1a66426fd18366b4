package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the listing of one kind ended.
 *
 * @param objects listed, until it ended or failed
 * @param failure why it is not complete, or null if it is
 */
public record Listing(
        ObjectKind kind, long objects, @Nullable Failure failure) {

    /** What is to be told of those that failed, by kind; what failed for the same reason in the same words is told once. */
    public static List<Incident> incidents(Collection<Listing> listings) {
        Map<Failure, Incident> incidents = new LinkedHashMap<>();
        Map<Failure, List<String>> collections = new LinkedHashMap<>();
        listings.stream().sorted(Comparator.comparing(Listing::kind)).forEach(listing -> {
            Failure why = listing.failure;
            if (why != null) {
                List<String> alike = collections.computeIfAbsent(ofAnyRequest(why), first -> new ArrayList<>());
                alike.add(listing.kind.collection());
                incidents.merge(
                        ofAnyRequest(why),
                        new Incident(subject(alike), why),
                        (first, more) -> new Incident(more.subject(), first.failure()));
            }
        });
        return List.copyOf(incidents.values());
    }

    /** Without what differs from one request to another. */
    private static Failure ofAnyRequest(Failure failure) {
        return new Failure(failure.reason(), failure.status(), failure.code(), failure.message(), null, null);
    }

    private static String subject(List<String> collections) {
        int last = collections.size() - 1;
        return last == 0
                ? "listing of " + collections.getFirst()
                : "listing of " + String.join(", ", collections.subList(0, last)) + " and " + collections.get(last);
    }
}
