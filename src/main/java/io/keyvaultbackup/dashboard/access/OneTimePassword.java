package io.keyvaultbackup.dashboard.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;

/** With which whoever starts the dashboard on their own machine logs in: 128 bit of chance, good once, and for ten minutes. Safe for use by many threads. */
public final class OneTimePassword {

    private static final Duration GOOD_FOR = Duration.ofMinutes(10);
    private static final int BYTES = 16;

    private final InstantSource clock;
    private final String text;
    private final Instant goodUntil;
    private boolean used;

    OneTimePassword(InstantSource clock) {
        byte[] chance = new byte[BYTES];
        new SecureRandom().nextBytes(chance);
        this.clock = clock;
        this.text = HexFormat.of().formatHex(chance);
        this.goodUntil = clock.instant().plus(GOOD_FOR);
    }

    /** For the terminal of whoever started it, and for nowhere else. */
    public String text() {
        return text;
    }

    /** Whether this is it, and good; it is not any more afterwards. Takes as long for a near miss as for any other text. */
    synchronized boolean use(String given) {
        boolean right = MessageDigest.isEqual(
                given.strip().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
        if (!right || used || !clock.instant().isBefore(goodUntil)) {
            return false;
        }
        used = true;
        return true;
    }
}
