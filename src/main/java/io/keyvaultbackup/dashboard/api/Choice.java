package io.keyvaultbackup.dashboard.api;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One of several, by its name. Stateless. */
final class Choice {

    private Choice() {}

    /**
     * @param given in any case; null for none
     * @throws Problem if there is none of that name
     */
    static <E extends Enum<E>> @Nullable E of(E[] all, String parameter, @Nullable String given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        return Stream.of(all)
                .filter(one -> one.name().equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> Problem.wrong(
                        parameter,
                        "it is one of "
                                + Stream.of(all)
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }
}
