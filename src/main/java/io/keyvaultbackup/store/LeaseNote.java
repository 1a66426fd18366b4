package io.keyvaultbackup.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a store keeps of a vault's lease, as JSON: who has it, and which numbers were given out, which stay when nobody has it.
 * Immutable.
 *
 * @param holder the one who has the lease, or had it and did not give it back
 */
public record LeaseNote(@Nullable LeaseHolder holder, LeaseNumbers numbers) {

    public LeaseNote {
        Objects.requireNonNull(numbers);
    }

    /** Of a vault that never had a lease. */
    public static final LeaseNote NEW = new LeaseNote(null, LeaseNumbers.NONE);

    /** Half a holder would be none at all, which is the one mistake that must not be made. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** @throws IllegalArgumentException if this is no note, or only a part of one */
    public static LeaseNote of(byte[] bytes) {
        try {
            return Objects.requireNonNull(JSON.readValue(bytes, LeaseNote.class));
        } catch (JacksonException | NullPointerException damaged) {
            throw new IllegalArgumentException("it is no note of a lease, or only a part of one", damaged);
        }
    }

    public byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    /** The number for a new execution. */
    public int next(String snapshot, int least) {
        return numbers.next(snapshot, least);
    }

    /** Somebody has the lease, and the number. */
    public LeaseNote heldBy(LeaseHolder taker) {
        return new LeaseNote(taker, numbers.with(taker.snapshot(), taker.execution()));
    }

    /** Nobody has the lease. */
    public LeaseNote givenBack() {
        return new LeaseNote(null, numbers);
    }
}
