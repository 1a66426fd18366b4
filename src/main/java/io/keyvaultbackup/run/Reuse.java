package io.keyvaultbackup.run;

import java.util.List;

/**
 * What a run took over from earlier snapshots, beside the number of UNCHANGED objects.
 *
 * @param manifests the names of those whose copies it looked through, the newest first
 * @param missing copies that earlier snapshots have and the store has not, or not as they were written: made anew
 * @param unread why a snapshot could not be built on; what only that has copies of was copied anew
 */
public record Reuse(List<String> manifests, long missing, List<String> unread) {

    /** Of a run that looked for nothing. */
    public static final Reuse NONE = new Reuse(List.of(), 0, List.of());

    public Reuse {
        manifests = List.copyOf(manifests);
        unread = List.copyOf(unread);
    }
}
