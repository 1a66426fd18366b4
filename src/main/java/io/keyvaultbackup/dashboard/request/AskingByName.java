package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.access.NotVisibleException;
import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Asks for something at what an address names: a vault or a run, if whoever asks may. Every method ends with a {@link NotAskedException} if it does not go
 * well. Safe for use by many threads.
 */
public final class AskingByName {

    private final FleetReader fleet;
    private final RunReader runs;
    private final VisibleVaults visible;
    private final Asking asking;

    AskingByName(FleetReader fleet, RunReader runs, VisibleVaults visible, Asking asking) {
        this.fleet = fleet;
        this.runs = runs;
        this.visible = visible;
        this.asking = asking;
    }

    /**
     * A vault, or a run of it, at which whoever asks may ask for something.
     *
     * @param run null if it is about the vault
     * @param status of the run
     */
    public record Subject(
            VaultAddress vault,
            @Nullable SnapshotId run,
            @Nullable RunStatus status) {}

    /**
     * @param name its folder in a store
     * @throws NotVisibleException if it may not be seen
     * @throws org.springframework.security.access.AccessDeniedException if it may be seen and no more
     */
    public Subject vault(String name, Person person) {
        FleetView view = fleet.view().of(visible);
        Reading.Missing<?> gap = view.database().gap();
        VaultAddress vault = view.find(name)
                .map(VaultRow::vault)
                .orElseThrow(() -> gap == null ? unknown("There is no vault " + name + ".") : missing(gap));
        person.requireToOperate(vault);
        if (gap != null) {
            throw missing(gap);
        }
        return new Subject(vault, null, null);
    }

    /** As for {@link #vault}. */
    public Subject run(String id, Person person) {
        RunSummary run = told(runs.find(new SnapshotId(id))).orElseThrow(() -> unknown("There is no run " + id + "."));
        person.requireToOperate(run.vault());
        return new Subject(run.vault(), run.snapshot(), run.status());
    }

    public Request runNow(Subject vault, Asker asker) {
        return ask(Wish.runNow(vault.vault()), asker);
    }

    public Request relaunch(Subject run, Asker asker) {
        SnapshotId id = run.run();
        if (run.status() == RunStatus.RUNNING) {
            throw new NotAskedException(
                    HttpStatus.CONFLICT,
                    "The run " + id + " is at work, so that there is nothing to relaunch.",
                    "Wait until it has ended, or stop it. If nothing is at work there any more: keyvault-backup retry.");
        }
        if (id == null || run.status() == RunStatus.COMPLETE) {
            throw new NotAskedException(
                    HttpStatus.CONFLICT,
                    "The run " + id + " is complete, so that there is nothing to relaunch.",
                    "Ask for a new run of the vault.");
        }
        return ask(Wish.relaunch(run.vault(), id), asker);
    }

    /** A run that has ended cannot be stopped; what is at work at a vault, the verb looks for. */
    public void requireToBeAtWork(Subject subject) {
        if (subject.run() != null && subject.status() != RunStatus.RUNNING) {
            throw new NotAskedException(
                    HttpStatus.CONFLICT,
                    "The run " + subject.run() + " is not at work, so that there is nothing to stop.",
                    "Look at the vault for a later run.");
        }
    }

    /** @param reason for those who wonder; null or blank for none */
    public Request stop(Subject subject, @Nullable String reason, Asker asker) {
        requireToBeAtWork(subject);
        Wish wish;
        try {
            wish = Wish.stop(
                    subject.vault(), subject.run(), reason == null || reason.isBlank() ? null : reason.strip());
        } catch (IllegalArgumentException wrong) {
            throw new NotAskedException(
                    HttpStatus.BAD_REQUEST,
                    "The reason cannot be taken: " + wrong.getMessage() + ".",
                    "Correct it, or leave it out.");
        }
        return ask(wish, asker);
    }

    /** Asks for the plan of a restore into a vault that is known here; that the asker may do that at the source is known. */
    public Request plan(Wish wish, Person person, Asker asker) {
        VaultAddress target = Objects.requireNonNull(wish.target());
        FleetView view = fleet.view().of(visible);
        if (!view.has(target)) {
            Reading.Missing<?> gap = view.database().gap();
            throw gap == null ? unknown("There is no vault " + target.storeName() + ".") : missing(gap);
        }
        if (!person.mayOperate(target)) {
            throw new NotAskedException(
                    HttpStatus.FORBIDDEN,
                    "You may not ask for a plan into " + target + ": it tells of that vault's objects.",
                    "Ask whoever runs this dashboard for the role of an operator there.");
        }
        return ask(wish, asker);
    }

    /** Why no plan can be asked for here, in a sentence; null if one can. */
    public @Nullable String whyNoPlan() {
        return asking.whyNot(RequestedAction.RESTORE_PLAN);
    }

    private Request ask(Wish wish, Asker asker) {
        return switch (told(DatabaseReads.read(() -> asking.ask(wish, asker)))) {
            case Asked.Accepted(Request request) -> request;
            case Asked.Refused(Asked.Because because, String why) ->
                throw switch (because) {
                    case ALREADY ->
                        new NotAskedException(
                                HttpStatus.CONFLICT, why, "Nothing was asked for anew. Ask again when that is done.");
                    case NOT_HERE -> new NotAskedException(HttpStatus.CONFLICT, why, "Nothing was asked for.");
                    case NOT_TAKEN ->
                        new NotAskedException(
                                HttpStatus.BAD_GATEWAY, why, "Nothing was begun, and the request is withdrawn.");
                };
        };
    }

    /** @throws NotAskedException if the source did not tell */
    static <T> T told(Reading<T> reading) {
        return reading.told().orElseThrow(() -> {
            Reading.Missing<?> gap = reading.gap();
            return missing(
                    gap == null ? new Reading.Missing<>("It is still being read.", "Try again in a moment.") : gap);
        });
    }

    private static NotAskedException missing(Reading.Missing<?> gap) {
        return new NotAskedException(HttpStatus.SERVICE_UNAVAILABLE, gap.why(), gap.advice());
    }

    static NotAskedException unknown(String what) {
        return new NotAskedException(
                HttpStatus.NOT_FOUND, what, "It may be mistyped, not known, or nothing that you may see.");
    }
}
