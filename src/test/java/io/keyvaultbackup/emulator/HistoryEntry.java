package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.util.List;

/**
 * A state that an object has had.
 *
 * @param at when it began, by the vault's clock
 * @param revision the number of the state; a backup carries the one it holds
 * @param change what was done: {@code set}, {@code updated}, {@code deleted}, {@code purged}, {@code recovered}, {@code restored}
 * @param versions the ids of its versions, in the order of their creation
 */
public record HistoryEntry(Instant at, long revision, String change, List<String> versions) {}
