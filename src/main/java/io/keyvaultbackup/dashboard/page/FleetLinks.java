package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.FleetQuery;
import io.keyvaultbackup.dashboard.view.Standing;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/** The addresses of the same fleet seen otherwise; they hold all that a page needs, so that each can be kept and sent to somebody. */
record FleetLinks(FleetQuery query) {

    /** Without the path: for the page, and for its rows alone. */
    private static String parameters(FleetQuery query) {
        UriComponentsBuilder link = UriComponentsBuilder.newInstance();
        if (!query.text().isEmpty()) {
            link.queryParam("q", "{text}");
        }
        if (query.standing() != null) {
            link.queryParam("standing", query.standing().key());
        }
        if (query.sort() != FleetQuery.Sort.STANDING) {
            link.queryParam("sort", query.sort().key());
        }
        if (query.backwards()) {
            link.queryParam("order", "reverse");
        }
        if (query.page() > 1) {
            link.queryParam("page", query.page());
        }
        return (query.text().isEmpty() ? link.encode().build() : link.encode().buildAndExpand(query.text()))
                .toUriString();
    }

    String here() {
        return parameters(query);
    }

    String page(int page) {
        return parameters(new FleetQuery(query.text(), query.standing(), query.sort(), query.backwards(), page));
    }

    /** @param standing null for all */
    String standing(@Nullable Standing standing) {
        return parameters(new FleetQuery(query.text(), standing, query.sort(), query.backwards(), 1));
    }

    /** By this, or the other way round where it is by this already. */
    String sort(FleetQuery.Sort sort) {
        boolean backwards = sort == query.sort() && !query.backwards();
        return parameters(new FleetQuery(query.text(), query.standing(), sort, backwards, 1));
    }
}
