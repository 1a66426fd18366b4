package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.store.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.context.ApplicationContext;

/**
 * The stops that operators have asked for, where what is shown is of the job database and they are in the store: a store that is not configured, or does
 * not answer, is asked no more, and that is no failure. For one thread.
 */
final class StopsSeen {

    private final ApplicationContext context;
    private boolean asking = true;
    private @Nullable String whyNot;

    StopsSeen(ApplicationContext context) {
        this.context = context;
    }

    /** The stop that holds for a run; one that is complete has none. */
    Optional<StopNote> of(RunRecord run) {
        if (!asking || run.status() == RunStatus.COMPLETE) {
            return Optional.empty();
        }
        try {
            return context.getBean(RunStops.class).seen(SnapshotNames.of(run.request()));
        } catch (NoSuchBeanDefinitionException none) {
            // nobody has said where it is, and nothing else is shown of it
        } catch (StoreException untold) {
            whyNot = untold.failure().describe();
        } catch (BeansException unusable) {
            whyNot = "it can not be used as it is configured, which 'keyvault-backup doctor' examines";
        }
        asking = false;
        return Optional.empty();
    }

    /** Why a store that there is did not tell it of all, in a sentence's rest; null if it did. */
    @Nullable
    String whyNot() {
        return whyNot;
    }
}
