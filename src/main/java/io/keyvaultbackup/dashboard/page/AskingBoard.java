package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asking;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buttons with which an operator asks for something at a vault or a run; none for whoever may not. */
public record AskingBoard(List<Button> buttons) {

    /**
     * One thing that may be asked for.
     *
     * @param link where its form is sent, or, if it is to be confirmed, the page that asks for that
     * @param whyNot why it cannot be asked for now, in a sentence; null if it can
     */
    public record Button(
            String key,
            String words,
            String link,
            boolean confirmed,
            @Nullable String whyNot) {}

    public AskingBoard {
        buttons = List.copyOf(buttons);
    }

    /**
     * A run now, and a stop of what is at work.
     *
     * @param latest how the vault's latest run stands; null if there is none
     * @param gap why the job database does not take anything; null if it does
     */
    static AskingBoard ofVault(
            VaultAddress vault, @Nullable RunStatus latest, @Nullable String gap, Person person, Asking asking) {
        List<Button> buttons = new ArrayList<>();
        if (person.mayOperate(vault)) {
            String link = Links.vault(vault);
            buttons.add(new Button(
                    "run-now", "Run now", link + "/run-now", false, whyNot(asking, RequestedAction.RUN_NOW, gap)));
            if (latest == RunStatus.RUNNING) {
                buttons.add(
                        new Button("stop", "Stop", link + "/stop", true, whyNot(asking, RequestedAction.STOP, gap)));
            }
        }
        return new AskingBoard(buttons);
    }

    /** A stop of a run that is at work; a relaunch of what failed of one that has ended and is not complete. */
    static AskingBoard ofRun(VaultAddress vault, SnapshotId run, RunStatus status, Person person, Asking asking) {
        if (status == RunStatus.COMPLETE || !person.mayOperate(vault)) {
            return new AskingBoard(List.of());
        }
        String link = Links.run(run);
        return new AskingBoard(List.of(
                status == RunStatus.RUNNING
                        ? new Button("stop", "Stop", link + "/stop", true, asking.whyNot(RequestedAction.STOP))
                        : new Button(
                                "relaunch",
                                "Relaunch failed",
                                link + "/relaunch",
                                false,
                                asking.whyNot(RequestedAction.RELAUNCH))));
    }

    private static @Nullable String whyNot(Asking asking, RequestedAction action, @Nullable String gap) {
        return gap == null ? asking.whyNot(action) : gap;
    }
}
