package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which objects of a vault a run is about. A pattern with a slash ({@code secret/app-*}) is held against kind and name, one without
 * against the name; {@code *} stands for any text and {@code ?} for one character; case does not matter, as in the service.
 *
 * @param include objects that match none of these are excluded; empty: all are included
 * @param exclude objects that match any of these are excluded
 */
public record Selection(Set<ObjectKind> kinds, List<String> include, List<String> exclude) {

    public Selection {
        kinds = kinds.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(kinds));
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** Every object of every kind. */
    public static Selection everything() {
        return new Selection(EnumSet.allOf(ObjectKind.class), List.of(), List.of());
    }

    public boolean selects(ObjectId id) {
        return kinds.contains(id.kind())
                && (include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, id)))
                && exclude.stream().noneMatch(pattern -> matches(pattern, id));
    }

    /** Whether an object is meant by a pattern. */
    public static boolean matches(String pattern, ObjectId id) {
        return matches(pattern, pattern.contains("/") ? id.toString() : id.name());
    }

    /** Whether a text is meant by a pattern; case does not matter. The time is that of the two lengths at most, whatever somebody asks for. */
    public static boolean matches(String pattern, String text) {
        String glob = pattern.toLowerCase(Locale.ROOT);
        String given = text.toLowerCase(Locale.ROOT);
        int at = 0;
        int star = -1;
        int tried = 0; // where in the text that begins which follows the latest star
        int place = 0;
        while (place < given.length()) {
            char wanted = at < glob.length() ? glob.charAt(at) : '\0';
            if (wanted == '*') {
                star = at++;
                tried = place;
            } else if (at < glob.length() && (wanted == '?' || wanted == given.charAt(place))) {
                at++;
                place++;
            } else if (star >= 0) {
                at = star + 1;
                place = ++tried;
            } else {
                return false;
            }
        }
        return glob.substring(at).chars().allMatch(rest -> rest == '*');
    }

    /** The same for equal selections; kept with the run, so that a relaunch cannot silently be about something else. */
    public String canonical() {
        return "kinds=" + kinds.stream().sorted().map(ObjectKind::word).toList() + " include="
                + include.stream().sorted().toList() + " exclude="
                + exclude.stream().sorted().toList();
    }
}
