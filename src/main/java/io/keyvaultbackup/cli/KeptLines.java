package io.keyvaultbackup.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is printed goes on, line by line, so that the lines of several who print stay whole; and the last lines are kept, as many as there is room for. */
final class KeptLines extends OutputStream {

    private final @Nullable PrintStream onto;
    private final int room;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<byte[]> kept = new ArrayDeque<>();
    private long size;
    private boolean whole = true;

    /**
     * @param onto where it goes on; null for nowhere
     * @param room in bytes
     */
    KeptLines(@Nullable PrintStream onto, int room) {
        this.onto = onto;
        this.room = room;
    }

    PrintStream stream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int character) {
        line.write(character);
        if (character == '\n') {
            endLine();
        } else if (line.size() > room) { // of one line that has no end, what there is room for
            line.reset();
            whole = false;
        }
    }

    private void endLine() {
        byte[] bytes = line.toByteArray();
        line.reset();
        if (onto != null) {
            onto.write(bytes, 0, bytes.length);
            onto.flush();
        }
        kept.addLast(bytes);
        size += bytes.length;
        while (size > room) {
            size -= kept.removeFirst().length;
            whole = false;
        }
    }

    /** Whether all lines are kept. */
    synchronized boolean isWhole() {
        return whole;
    }

    /** What is kept; the last line ends here. */
    synchronized String text() {
        if (line.size() > 0) {
            endLine();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream((int) size);
        kept.forEach(all::writeBytes);
        return all.toString(StandardCharsets.UTF_8);
    }
}
