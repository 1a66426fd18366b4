package io.keyvaultbackup.snapshot;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Gives out so much between two {@linkplain #renew() renewals}, so that nothing which is read whole can be larger. For one thread. */
final class MeteredInput extends FilterInputStream {

    /** Far more than any object with 500 versions and 15 tags, or any part of a head, has. */
    static final int ALLOWANCE = 1024 * 1024;

    private long left = ALLOWANCE;

    MeteredInput(InputStream input) {
        super(input);
    }

    /** What was read so far was all right; as much again may follow. */
    void renew() {
        left = ALLOWANCE;
    }

    /** How much was given out since the last renewal; a reader may have taken a little ahead. */
    long used() {
        return ALLOWANCE - left;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        return read < 0 ? read : (int) count(read, 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        return read < 0 ? read : (int) count(read, read);
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        return count(skipped, skipped);
    }

    /** Whoever opened it closes it. */
    @Override
    public void close() {}

    private long count(long result, long bytes) {
        left -= bytes;
        if (left < 0) {
            throw new UnreadableManifestException("a single value in it is longer than 1 MiB", null);
        }
        return result;
    }
}
