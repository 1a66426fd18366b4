package io.keyvaultbackup.emulator;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Pages. The token of the next one names the last item of this one, so that what is added or removed meanwhile neither repeats nor
 * hides any other.
 */
final class Listings {

    private final ObjectStore store;
    private final Bodies bodies;
    private final URI vault;
    private final int pageSize;
    private final boolean backwards;

    Listings(ObjectStore store, Bodies bodies, URI vault, int pageSize, boolean backwards) {
        this.store = store;
        this.bodies = bodies;
        this.vault = vault;
        this.pageSize = pageSize;
        this.backwards = backwards;
    }

    Answer live(ApiRequest request) {
        Kind kind = request.requiredKind();
        return page(request, "/" + kind.collection(), store.live(kind), any -> true, bodies::item);
    }

    Answer deleted(ApiRequest request) {
        Kind kind = request.requiredKind();
        return page(
                request,
                "/deleted" + kind.collection(),
                store.deleted(kind),
                name -> !store.isBeingDeleted(kind, name),
                bodies::deletedItem);
    }

    /** By id, not by age: the service promises no order. An unknown name has no versions, as in the service. */
    Answer versions(ApiRequest request) {
        Kind kind = request.requiredKind();
        StoredObject object = store.find(kind, request.name());
        String after = after(request);
        List<Version> versions = object == null
                ? List.of()
                : object.versions().stream()
                        .filter(version -> version.id().compareTo(after) > 0)
                        .sorted(Comparator.comparing(Version::id))
                        .limit(size(request) + 1L)
                        .toList();
        List<Object> items = new ArrayList<>();
        for (Version version : versions.subList(0, Math.min(versions.size(), size(request)))) {
            items.add(bodies.versionItem(Objects.requireNonNull(object), version));
        }
        String next =
                versions.size() > items.size() ? versions.get(items.size() - 1).id() : null;
        return answer(request, "/" + kind.collection() + "/" + request.name() + "/versions", items, next);
    }

    private <T> Answer page(
            ApiRequest request,
            String path,
            ConcurrentNavigableMap<String, T> all,
            Predicate<String> shown,
            Function<T, Object> item) {
        List<Object> items = new ArrayList<>();
        String last = null;
        String after = after(request);
        ConcurrentNavigableMap<String, T> listed = backwards ? all.descendingMap() : all;
        for (Map.Entry<String, T> entry : (after.isEmpty() ? listed : listed.tailMap(after, false)).entrySet()) {
            if (!shown.test(entry.getKey())) {
                continue;
            }
            if (items.size() == size(request)) {
                return answer(request, path, items, last);
            }
            items.add(item.apply(entry.getValue()));
            last = entry.getKey();
        }
        return answer(request, path, items, null);
    }

    private Answer answer(ApiRequest request, String path, List<Object> items, @Nullable String last) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("value", items);
        body.put("nextLink", last == null ? null : nextLink(request, path, last));
        return Answer.json(200, body);
    }

    private String nextLink(ApiRequest request, String path, String last) {
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.US_ASCII));
        String version = request.query().getOrDefault("api-version", "7.6");
        return vault + path + "?api-version=" + URLEncoder.encode(version, StandardCharsets.UTF_8) + "&$skiptoken="
                + token + "&maxresults=" + size(request);
    }

    private static String after(ApiRequest request) {
        String token = request.query().getOrDefault("$skiptoken", "");
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException malformed) {
            throw new ServiceException(ServiceError.badParameter("The skip token is invalid."));
        }
    }

    private int size(ApiRequest request) {
        String asked = request.query().get("maxresults");
        if (asked == null) {
            return pageSize;
        }
        try {
            int size = Integer.parseInt(asked);
            if (size >= 1 && size <= pageSize) {
                return size;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, as a number out of range is.
        }
        throw new ServiceException(ServiceError.badParameter("maxresults must be between 1 and " + pageSize + "."));
    }
}
