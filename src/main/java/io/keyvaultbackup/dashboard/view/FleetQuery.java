package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which vaults somebody wants to see, and in which order.
 *
 * @param text that their names have; empty for all
 * @param standing null for all
 * @param backwards the other way round than {@link Sort} says
 * @param page from 1
 */
public record FleetQuery(String text, @Nullable Standing standing, Sort sort, boolean backwards, int page) {

    public static final int PAGE = 50;

    private static final int LONGEST = 200;

    /** By what; what somebody on call wants to see is first. */
    public enum Sort {
        STANDING,
        VAULT,
        AGE,
        LATEST,
        OBJECTS,
        VERSIONS;

        private Comparator<VaultRow> order() {
            return switch (this) {
                case STANDING ->
                    Comparator.comparing(VaultRow::standing).thenComparing(Sort::age, Comparator.reverseOrder());
                case VAULT -> Comparator.comparing(VaultRow::path);
                case AGE -> Comparator.comparing(Sort::age).reversed();
                case LATEST -> Comparator.comparing(Sort::latest).reversed();
                case OBJECTS ->
                    Comparator.comparingLong((VaultRow row) -> row.count(Outcome.FAILED))
                            .thenComparingLong(VaultRow::objects)
                            .reversed();
                case VERSIONS -> Comparator.comparingInt(VaultRow::mostVersions).reversed();
            };
        }

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What nobody has, is older than everything. */
        private static Duration age(VaultRow row) {
            return row.good() == null
                    ? Duration.ofSeconds(Long.MAX_VALUE)
                    : row.good().age();
        }

        private static Instant latest(VaultRow row) {
            return row.latest() == null ? Instant.MIN : row.latest().scheduledFor();
        }
    }

    /** @param rows of this page */
    public record Page(List<VaultRow> rows, int total, int page, int pages, Map<Standing, Long> counts) {

        public Page {
            rows = List.copyOf(rows);
        }
    }

    public FleetQuery {
        text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        page = Math.max(1, page);
    }

    /** What an address says; what it says wrongly is as if it were not said. */
    public static FleetQuery of(
            @Nullable String text, @Nullable String standing, @Nullable String sort, @Nullable String order, int page) {
        return new FleetQuery(
                text == null ? "" : text.strip(),
                named(Standing.values(), standing, null),
                sort == null ? Sort.STANDING : sortOf(sort),
                "reverse".equals(order),
                page);
    }

    private static Sort sortOf(String key) {
        Sort sort = named(Sort.values(), key, Sort.STANDING);
        return sort == null ? Sort.STANDING : sort;
    }

    private static <E extends Enum<E>> @Nullable E named(E[] all, @Nullable String key, @Nullable E otherwise) {
        for (E one : all) {
            if (one.name().toLowerCase(Locale.ROOT).equals(key)) {
                return one;
            }
        }
        return otherwise;
    }

    /** The counts are of all that have the text, so that they tell what choosing another standing would show. */
    public Page of(FleetView fleet) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<VaultRow> named = fleet.vaults().stream()
                .filter(row -> row.path().contains(wanted))
                .toList();
        Comparator<VaultRow> order = backwards ? sort.order().reversed() : sort.order();
        List<VaultRow> chosen = named.stream()
                .filter(row -> standing == null || row.standing() == standing)
                .sorted(order.thenComparing(VaultRow::path))
                .toList();
        int pages = Math.max(1, (chosen.size() + PAGE - 1) / PAGE);
        int shown = Math.min(page, pages);
        return new Page(
                chosen.subList((shown - 1) * PAGE, Math.min(shown * PAGE, chosen.size())),
                chosen.size(),
                shown,
                pages,
                FleetView.counts(named));
    }
}
