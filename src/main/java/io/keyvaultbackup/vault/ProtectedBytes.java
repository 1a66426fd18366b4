package io.keyvaultbackup.vault;

/**
 * The bytes of one backup blob while they are in memory. Closing lets them go and gives their room to another call.
 *
 * @param content the array itself, not a copy: a blob may be many megabytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy would double the memory that is being bounded
public record ProtectedBytes(byte[] content, MemoryBudget.Reservation reservation) implements AutoCloseable {

    @Override
    public void close() {
        reservation.close();
    }
}
