package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.request.RequestReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.service.ExitMeaning;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was asked for.
 *
 * @param lines null where the job database does not tell
 * @param next the cursor of the page of older ones; null if these are the last
 */
public record RequestsBoard(
        List<Notice> notices,
        @Nullable List<RequestLine> lines,
        boolean first,
        @Nullable String next) {

    static RequestsBoard of(
            Reading<RequestReader.Page> read, boolean first, RunReader runs, ExitMeaning meaning, Instant now) {
        RequestReader.Page page = read.told().orElse(null);
        return new RequestsBoard(
                Notice.of(read, "What was asked for is not shown."),
                page == null ? null : RequestLine.all(page.requests(), runs, meaning, now),
                first,
                page == null ? null : page.next());
    }
}
