/**
 * Tells whoever has a run before them how far it is: a thread asks the job database once a second for each run that somebody looks at, tells all of them the
 * same, and rests while nobody looks. What is told, in HTML or JSON, is for the pages and the API to say ({@link io.keyvaultbackup.dashboard.live.FeedForm});
 * whether somebody may look is theirs to ask before.
 */
@NullMarked
package io.keyvaultbackup.dashboard.live;

import org.jspecify.annotations.NullMarked;
