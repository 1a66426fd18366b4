package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.request.AskingByName;

/**
 * What is shown before a stop is asked for.
 *
 * @param what the vault or run that is to stop
 * @param link where the form is sent
 * @param back where whoever thinks better of it came from
 */
public record StopBoard(String what, String link, String back) {

    static StopBoard of(AskingByName.Subject subject) {
        String back = subject.run() == null ? Links.vault(subject.vault()) : Links.run(subject.run());
        return new StopBoard(
                subject.run() == null
                        ? "what runs at " + subject.vault()
                        : "run " + subject.run() + " of " + subject.vault(),
                back + "/stop",
                back);
    }
}
