package io.keyvaultbackup.retention;

import io.keyvaultbackup.store.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names of the blobs that are needed, 8 bytes for each, however often it was named. Two names may share a mark: then a blob is kept that could
 * go. For one thread.
 */
final class Marks {

    private long[] marks = new long[1024];
    private int count;
    private boolean sorted;

    void add(String name) {
        if (count == marks.length) {
            tidy();
            if (count > marks.length / 2) {
                marks = Arrays.copyOf(marks, marks.length * 2);
            }
        }
        marks[count++] = mark(name);
        sorted = false;
    }

    boolean has(String name) {
        if (!sorted) {
            tidy();
        }
        return Arrays.binarySearch(marks, 0, count, mark(name)) >= 0;
    }

    /** Most blobs are named by many manifests. */
    private void tidy() {
        Arrays.sort(marks, 0, count);
        int kept = 0;
        for (int at = 0; at < count; at++) {
            if (kept == 0 || marks[at] != marks[kept - 1]) {
                marks[kept++] = marks[at];
            }
        }
        count = kept;
        sorted = true;
    }

    private static long mark(String name) {
        var digest = Sha256.digest();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest.digest()).getLong();
    }
}
