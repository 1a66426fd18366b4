package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What became of a wish to change a snapshot's labels.
 *
 * @param before what counted
 * @param after what counts now
 * @param file the name of the file that says so; null if nothing had to be written
 */
public record LabelChange(
        StoredLabels before, Labels after, @Nullable String file) {}
