package io.keyvaultbackup.scale;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a night will come to.
 *
 * @param slowestVault how long the run takes that takes longest
 * @param held how long the places of all pods were held back by what, in seconds together
 */
record Forecast(double seconds, double slowestVault, Map<Bound, Double> held) {

    /** What holds a vault back. */
    enum Bound {
        VAULT("each vault's own budget"),
        ANSWERS("answers to listings, one page after the other"),
        COMMON("the pods' parts of the budget of a subscription and geography"),
        PROCESSOR("the pods' processors"),
        BESIDE("starts and ends of runs"),
        LARGEST("the last large vaults, while other places are empty");

        private final String words;

        Bound(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    Forecast {
        held = Map.copyOf(new EnumMap<>(held));
    }

    /** What held longest. */
    Bound bound() {
        return held.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry<Bound, Double>::getValue)
                        .thenComparing(Map.Entry::getKey))
                .orElseThrow()
                .getKey();
    }

    /** The part of the places' time that it was held so, in hundredths. */
    long percent(Bound bound) {
        double all = held.values().stream().mapToDouble(Double::doubleValue).sum();
        return Math.round(100 * held.getOrDefault(bound, 0.0) / all);
    }

    double hours() {
        return seconds / Duration.ofHours(1).toSeconds();
    }
}
