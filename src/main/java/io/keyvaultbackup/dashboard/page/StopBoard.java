package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.request.AskingByName;
import io.keyvaultbackup.dashboard.view.VaultRow;

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
                        ? "what runs at " + VaultRow.name(subject.vault())
                        : "run " + subject.run() + " of " + VaultRow.name(subject.vault()),
                back + "/stop",
                back);
    }
}
