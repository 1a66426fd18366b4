package io.keyvaultbackup.snapshot;

import java.util.List;

/**
 * The labels of a snapshot as the store tells them.
 *
 * @param number of the newest file of its labels; 0 if there is none
 * @param labels what counts
 * @param doubts what is wrong with the files, in sentences for people: none unless somebody should look
 */
public record StoredLabels(int number, Labels labels, List<String> doubts) {

    /** Of a snapshot that nobody has labelled. */
    public static final StoredLabels NONE = new StoredLabels(0, Labels.NONE, List.of());

    public StoredLabels {
        doubts = List.copyOf(doubts);
    }
}
