package io.keyvaultbackup.emulator;

import java.util.List;

/**
 * What a backup holds, as only a test can know it.
 *
 * @param kind {@code secret}, {@code key} or {@code certificate}
 * @param revision the number of the object's state, see {@link HistoryEntry}
 * @param versions ids, in the order of their creation
 */
public record BackupContent(
        String kind, String name, String subscription, String geography, long revision, List<String> versions) {}
