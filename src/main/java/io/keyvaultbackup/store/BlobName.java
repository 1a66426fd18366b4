package io.keyvaultbackup.store;

import java.util.regex.Pattern;

/**
 * The names that every store takes, and no others: what one store holds can be carried into any other. Stateless.
 *
 * <p>A name has at most 1,024 characters, as in Blob Storage. A part of it has at most 250 characters, since a file's name has 255
 * and its metadata is kept beside it under five more; for that reason no part ends with {@code .meta}, and none with a dot, which
 * neither URLs nor every file system keep.
 */
public final class BlobName {

    /** What follows a blob's name in the name of the file that holds its metadata. */
    public static final String METADATA_SUFFIX = ".meta";

    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_PART = 250;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private BlobName() {}

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException if it is not one; the sentence says why
     */
    public static String check(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a blob's name has at most " + LONGEST_NAME + " characters, this has "
                    + name.length() + ": " + name.substring(0, 80) + "…");
        }
        for (String part : name.split("/", -1)) {
            if (!isPart(part)) {
                throw new IllegalArgumentException("not a blob's name: \"" + printable(name)
                        + "\". Its parts, divided by /, have 1 to " + LONGEST_PART
                        + " letters, digits, '.', '-' and '_' each; none starts or ends with a dot, or ends with "
                        + METADATA_SUFFIX);
            }
        }
        return name;
    }

    /** Whether this could stand between two slashes of a name. */
    public static boolean isPart(String part) {
        return part.length() <= LONGEST_PART
                && PART.matcher(part).matches()
                && !part.endsWith(".")
                && !part.endsWith(METADATA_SUFFIX);
    }

    private static String printable(String name) {
        return name.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
