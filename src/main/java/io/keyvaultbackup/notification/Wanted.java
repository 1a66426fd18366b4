package io.keyvaultbackup.notification;

import io.keyvaultbackup.run.Selection;
import java.util.List;

/**
 * What somebody wants to hear of. Immutable.
 *
 * @param events all if empty
 * @param vaults patterns, held against a vault's host and against its name alone; all if empty
 */
record Wanted(List<Event> events, List<String> vaults) {

    Wanted {
        events = List.copyOf(events);
        vaults = List.copyOf(vaults);
    }

    /** That something is over is nothing to those who did not hear of it. */
    private boolean wantsEvent(Notice notice) {
        return events.isEmpty()
                || (events.contains(notice.event())
                        && (notice.event() != Event.RECOVERED
                                || notice.events().stream().anyMatch(events::contains)));
    }

    boolean has(Notice notice) {
        String name = notice.vault().split("[._]", 2)[0];
        return wantsEvent(notice)
                && (vaults.isEmpty()
                        || vaults.stream()
                                .anyMatch(pattern -> Selection.matches(pattern, notice.vault())
                                        || Selection.matches(pattern, name)));
    }
}
