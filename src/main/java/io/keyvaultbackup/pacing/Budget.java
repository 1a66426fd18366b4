package io.keyvaultbackup.pacing;

import java.time.Duration;

/**
 * What the job may spend at one vault in any 10 s, in units: one unit is one call on a secret or a certificate, or a page of a
 * listing. The service publishes 4,000 of these per vault and 10 s (docs/keyvault-facts.md, "Limits") and shares them among all
 * applications that use the vault.
 */
public record Budget(int units) {

    /** The window over which the service counts. */
    public static final Duration WINDOW = Duration.ofSeconds(10);

    /** What the service allows per vault and window. */
    public static final int SERVICE_LIMIT = 4_000;

    /** The same service limits all vaults of a subscription in a region together to so many times that. */
    private static final int VAULTS_OF_A_SUBSCRIPTION = 5;

    public Budget {
        if (units < 1) {
            throw new IllegalArgumentException("a budget of " + units + " requests per 10 s allows nothing");
        }
    }

    /**
     * Reads {@code 50%} (a share of the service's limit) or {@code 2000} (units per 10 s).
     *
     * @throws IllegalArgumentException for anything else, with a sentence for people
     */
    public static Budget parse(String text) {
        String trimmed = text.strip();
        try {
            if (trimmed.endsWith("%")) {
                double share = Double.parseDouble(trimmed.substring(0, trimmed.length() - 1));
                if (share > 0 && share <= 100) {
                    return new Budget((int) Math.max(1, Math.floor(SERVICE_LIMIT * share / 100)));
                }
            } else if (Integer.parseInt(trimmed) >= 1) {
                return new Budget(Integer.parseInt(trimmed));
            }
        } catch (NumberFormatException notANumber) {
            // the sentence below says what a budget looks like
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a budget: give a share of the vault's limit above 0 % and up to"
                        + " 100 %, such as 50%, or requests per 10 seconds, such as 2000");
    }

    /** What may be spent at all vaults of a subscription and region together, where this is what may be at each: the same share. */
    public Budget ofSubscription() {
        return new Budget((int) Math.min(Integer.MAX_VALUE, (long) units * VAULTS_OF_A_SUBSCRIPTION));
    }

    /** Units a second, spread evenly over the window. */
    public double perSecond() {
        return units / (double) WINDOW.toSeconds();
    }
}
