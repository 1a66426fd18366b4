package io.keyvaultbackup.notification;

import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How something of a vault stands at last. Counts and reasons alone: names of objects are nobody's business in a chat.
 *
 * @param vault its host, as in the tag of meters
 * @param trouble null if all is well
 * @param about of which moment this is: a run's scheduled time, so that an older run's end does not pass for a newer one's
 * @param run the id of the run, or of the snapshot; null if it is about none
 * @param part which part of the copies was read to know this, such as 1/4; 0/1 is none, and 1/1 all; null if it was no examination
 * @param outcomes how many objects ended so, or how many findings there are
 * @param reasons of what failed, and how often
 */
public record News(
        Topic topic,
        String vault,
        @Nullable Event trouble,
        Instant about,
        @Nullable String run,
        @Nullable String part,
        Map<String, Long> outcomes,
        Map<FailureReason, Long> reasons) {

    public News {
        outcomes = new TreeMap<>(outcomes);
        reasons = new TreeMap<>(reasons);
    }

    /** Without numbers. */
    public static News of(Topic topic, String vault, @Nullable Event trouble, Instant about, @Nullable String run) {
        return new News(topic, vault, trouble, about, run, null, Map.of(), Map.of());
    }
}
