package io.keyvaultbackup.snapshot;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What people have noted on a snapshot, which its manifest does not know.
 *
 * @param pinned whether it is kept until somebody unpins it, whatever a policy says
 * @param tags sorted; cannot be changed
 */
public record Labels(boolean pinned, SortedSet<String> tags) {

    /** Of a snapshot that nobody has labelled. */
    public static final Labels NONE = new Labels(false, Collections.emptySortedSet());

    private static final int LONGEST_TAG = 64;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._:-]{1," + LONGEST_TAG + "}");

    public Labels {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        tags.forEach(Labels::checkTag);
    }

    public static Labels of(boolean pinned, Collection<String> tags) {
        return new Labels(pinned, new TreeSet<>(tags));
    }

    /**
     * The tag itself.
     *
     * @throws IllegalArgumentException with a sentence for people, if it is none
     */
    public static String checkTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("'" + tag + "' is no tag; a tag has 1 to " + LONGEST_TAG
                    + " letters, digits, '.', '_', '-' and ':', such as before-upgrade");
        }
        return tag;
    }

    public Labels withPinned(boolean now) {
        return new Labels(now, tags);
    }

    /** All that either has. */
    public Labels and(Labels other) {
        SortedSet<String> all = new TreeSet<>(tags);
        all.addAll(other.tags);
        return new Labels(pinned || other.pinned, all);
    }

    public Labels withTags(Collection<String> now) {
        return of(pinned, now);
    }
}
