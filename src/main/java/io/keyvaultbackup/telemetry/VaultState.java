package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a vault stands, as far as it is known.
 *
 * @param vault its host, as in the tag of meters
 * @param objective how old its newest complete snapshot may be
 * @param due for when its latest run was to be by the schedule
 * @param scheduledFor for when its latest run was
 * @param status of its latest run that is not at work
 * @param completeAsOf of which moment its newest complete snapshot is
 * @param versionsHeadroom how many versions the object that has the most may still get
 * @param damage how much damage its latest verification found
 * @param drillFailed whether its latest drill did not end well
 */
public record VaultState(
        String vault,
        Duration objective,
        @Nullable Instant due,
        @Nullable Instant scheduledFor,
        @Nullable RunStatus status,
        @Nullable Instant completeAsOf,
        @Nullable Integer versionsHeadroom,
        @Nullable Integer damage,
        @Nullable Boolean drillFailed) {}
