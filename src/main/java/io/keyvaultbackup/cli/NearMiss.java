package io.keyvaultbackup.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Finds the property that somebody may have meant. Stateless. */
final class NearMiss {

    private static final Pattern SEPARATORS = Pattern.compile("[-_.]");
    private static final int OF_THE_ROOT = 2;
    private static final int SHORTEST_PART = 4;

    private NearMiss() {}

    /** The known property whose name is least different, if it is not too different. */
    static @Nullable KnownProperty of(ConfigurationPropertyName given, KnownProperties known) {
        String name = uniform(given.toString());
        String last = uniform(given.getLastElement(ConfigurationPropertyName.Form.UNIFORM));
        KnownProperty nearest = null;
        int least = 1
                + Math.max(
                        2,
                        (name.length()
                                        - uniform(KnownProperties.ROOT.toString())
                                                .length())
                                / 3);
        for (KnownProperty property : known.all()) {
            if (property.name().isAncestorOf(given)) {
                return property; // with something below it that it does not have
            }
            boolean elsewhere = uniform(property.name().getLastElement(ConfigurationPropertyName.Form.UNIFORM))
                    .equals(last);
            String whole = uniform(property.name().toString());
            boolean cut = last.length() >= SHORTEST_PART && (whole.startsWith(name) || name.startsWith(whole));
            int distance = Math.min(distance(name, whole), elsewhere ? 1 : cut ? 2 : least);
            if (distance < least) {
                least = distance;
                nearest = property;
            }
        }
        return nearest;
    }

    /** Whether the first part of a name is the program's, misspelt. */
    static boolean ofTheRoot(String firstElement) {
        String root = uniform(KnownProperties.ROOT.toString());
        int distance = distance(uniform(firstElement), root);
        return distance > 0 && distance <= OF_THE_ROOT;
    }

    private static String uniform(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    /** How many letters have to be added, left out, changed, or swapped with the next. */
    static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int changed = steps[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(changed, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (swapped) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }
}
