package io.keyvaultbackup.store;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What every store keeps beside a blob's bytes, within the limits of Blob Storage: names of lower-case letters and digits, which
 * start with a letter; values of printable ASCII, neither empty nor with a blank at either end; 8 KB in all. Stateless.
 */
public final class BlobMetadata {

    private static final int LARGEST = 8 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

    private BlobMetadata() {}

    /**
     * The entries given and, whatever they say of it, the bytes' own SHA-256; sorted by name.
     *
     * @throws IllegalArgumentException if an entry is beyond the limits
     */
    public static SortedMap<String, String> of(BlobContent content, Map<String, String> given) {
        SortedMap<String, String> metadata = new TreeMap<>(given);
        metadata.put(StoredBlob.SHA_256, content.sha256());
        int size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            if (!NAME.matcher(entry.getKey()).matches()) {
                throw new IllegalArgumentException("not a metadata name: \"" + entry.getKey()
                        + "\"; lower-case letters and digits only, and a letter first");
            }
            if (!VALUE.matcher(entry.getValue()).matches()) {
                throw new IllegalArgumentException("the metadata value of " + entry.getKey()
                        + " must be printable ASCII, not empty, without a blank at either end");
            }
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > LARGEST) {
            throw new IllegalArgumentException("metadata of " + size + " bytes; at most " + LARGEST + " are possible");
        }
        return metadata;
    }
}
