package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.ledger.AuditLog;
import io.keyvaultbackup.vault.VaultAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Writes down who did what at the dashboard. Safe for use by many threads. */
public final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final int REFUSALS_A_MINUTE = 60;

    private final ObjectProvider<AuditLog> log;
    private final InstantSource clock;
    private final Attempts refusals;

    Audit(ObjectProvider<AuditLog> log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
        this.refusals = new Attempts(REFUSALS_A_MINUTE, REFUSALS_A_MINUTE, clock);
    }

    /**
     * An action, before it is done: what cannot be written down may not be done.
     *
     * @param subject of what, such as a run
     * @param outcome such as asked
     * @throws RuntimeException if the job database does not take it
     */
    public void add(
            Person person,
            HttpServletRequest request,
            String action,
            @Nullable VaultAddress vault,
            @Nullable String subject,
            String outcome) {
        log.getObject()
                .add(new AuditLog.Entry(
                        clock.instant(),
                        person.identity(),
                        person.way().name().toLowerCase(Locale.ROOT),
                        request.getRemoteAddr(),
                        action,
                        vault,
                        subject,
                        outcome));
    }

    /** A login or a logout. People get in also while the job database is away: to see that. */
    void tell(Person person, HttpServletRequest request, String action) {
        try {
            add(person, request, action, null, null, "done");
        } catch (RuntimeException failed) {
            LOG.warn(
                    "not written into the audit log, as the job database does not take it: {} of {}",
                    action,
                    person.identity());
        }
    }

    /**
     * Somebody was not let in, or not allowed. Anybody can bring that about as often as they like; 60 a minute are written down.
     *
     * @param who as far as that is known
     * @return whether it is one of them, and may be told in the log as well
     */
    boolean refused(@Nullable Person who, HttpServletRequest request, String action, String why) {
        if (refusals.another("").isPresent()) {
            return false;
        }
        Person person = who == null ? new Person("-", "-", Person.Way.SESSION, List.of()) : who;
        try {
            add(person, request, action, null, why, "refused");
        } catch (RuntimeException failed) {
            LOG.warn(
                    "not written into the audit log, as the job database does not take it: {} refused: {}",
                    action,
                    why);
        }
        return true;
    }
}
