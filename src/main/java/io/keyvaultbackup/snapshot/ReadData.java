package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.vault.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which copies are read byte by byte: the part of so many parts, or none. An object is in the same part in every snapshot, so that part 1
 * today and part 2 tomorrow read all in as many days as there are parts.
 *
 * @param part from 1; 0 for none
 */
public record ReadData(int part, int parts) {

    public static final ReadData NONE = new ReadData(0, 1);
    public static final ReadData ALL = new ReadData(1, 1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})/(\\d{1,4})");
    private static final int HASH_DIGITS = 7;

    /**
     * Reads {@code 3/7}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static ReadData parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            int part = Integer.parseInt(matcher.group(1));
            int parts = Integer.parseInt(matcher.group(2));
            if (part >= 1 && part <= parts) {
                return new ReadData(part, parts);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no part; the third of seven is 3/7");
    }

    public boolean isNone() {
        return part == 0;
    }

    /** Whether an object's copy is in the part. */
    public boolean includes(ObjectId id) {
        if (parts == 1) {
            return part == 1;
        }
        var digest = Sha256.digest();
        digest.update(id.toString().getBytes(StandardCharsets.UTF_8));
        return Integer.parseInt(Sha256.text(digest).substring(0, HASH_DIGITS), 16) % parts == part - 1;
    }

    @Override
    public String toString() {
        return part + "/" + parts;
    }
}
