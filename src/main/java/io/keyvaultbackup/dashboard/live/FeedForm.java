package io.keyvaultbackup.dashboard.live;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunNow;

/** How viewers are told of a run. Asked outside of any request, once for all that are told the same. Safe for use by many threads. */
public interface FeedForm {

    /** How far it is. */
    FeedEvent progress(RunNow now);

    /** How fast it was, with a point more than the last time. */
    FeedEvent rates(RunNow now);

    /** That it is not at work any more; nothing comes after that. */
    FeedEvent ended(RunNow now);

    /** That the job database does not tell; it is asked again. */
    FeedEvent missing(Reading.Missing<?> why);
}
