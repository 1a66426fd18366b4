package io.keyvaultbackup.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;

/**
 * A property that this program reads.
 *
 * @param type the Java type, as {@code java.util.List<java.lang.String>}
 * @param defaultValue as it would be written in a file
 */
record KnownProperty(
        ConfigurationPropertyName name,
        String type,
        @Nullable String description,
        @Nullable String defaultValue) {

    private static final Pattern SECRET =
            Pattern.compile("secret|password|token|key|connectionstring|headers|notifications\\.?webhooks");

    private static final String WHATEVER = "*";

    static KnownProperty of(String name, String type, @Nullable String description, @Nullable String defaultValue) {
        return new KnownProperty(ConfigurationPropertyName.of(name), type, description, defaultValue);
    }

    boolean isList() {
        return type.startsWith("java.util.List<") || type.startsWith("java.util.Set<") || type.endsWith("[]");
    }

    boolean isMap() {
        return type.startsWith("java.util.Map<");
    }

    /**
     * What each element of a list has, where it is no single value, in one word each: {@code immutablefor}; what has parts itself is as many words as these:
     * {@code store.directory}; and of a map any key: {@code headers.*}.
     */
    Set<String> parts() {
        if (!isList() || !type.endsWith(">")) {
            return Set.of();
        }
        try {
            Class<?> element = ClassUtils.forName(
                    type.substring(type.indexOf('<') + 1, type.length() - 1), KnownProperty.class.getClassLoader());
            return partsOf(element).collect(Collectors.toCollection(TreeSet::new));
        } catch (ClassNotFoundException notOurs) {
            return Set.of();
        }
    }

    private static Stream<String> partsOf(Class<?> type) {
        return !type.isRecord()
                ? Stream.of()
                : Arrays.stream(type.getRecordComponents()).flatMap(part -> {
                    String word = part.getName().toLowerCase(Locale.ROOT);
                    if (Map.class.isAssignableFrom(part.getType())) {
                        return Stream.of(word + "." + WHATEVER);
                    }
                    return part.getType().isRecord()
                            ? partsOf(part.getType()).map(further -> word + "." + further)
                            : Stream.of(word);
                });
    }

    /** The parts for people who misspelt one: those of the part that this is one of, if there is such a part, else the elements' own. */
    Set<String> partsBeside(ConfigurationPropertyName given) {
        String beside = partIn(given).replaceFirst("[^.]*$", "");
        Set<String> ofThatPart =
                parts().stream().filter(part -> part.startsWith(beside)).collect(Collectors.toCollection(TreeSet::new));
        return !beside.isEmpty() && !ofThatPart.isEmpty()
                ? ofThatPart
                : parts().stream()
                        .map(part -> part.replaceFirst("[.].*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether this is a part of an element, or an element of such a part: {@code vaults[0].budget}, {@code vaults[0].kinds[1]}, {@code
     * vaults[0].store.directory}.
     */
    boolean hasPart(ConfigurationPropertyName given) {
        return parts().stream().anyMatch(part -> isThat(part, partIn(given)));
    }

    private static boolean isThat(String part, String given) {
        return part.endsWith(WHATEVER)
                ? given.startsWith(part.substring(0, part.length() - 1)) && given.length() >= part.length()
                : part.equals(given);
    }

    /** Which part of an element this is, as {@link #parts()} has them; empty if it is none. */
    private String partIn(ConfigurationPropertyName given) {
        int element = name.getNumberOfElements();
        int end = given.getNumberOfElements() - (given.isLastElementIndexed() ? 1 : 0);
        return name.isAncestorOf(given) && end > element + 1 && given.isNumericIndex(element)
                ? IntStream.range(element + 1, end)
                        .mapToObj(part -> given.getElement(part, ConfigurationPropertyName.Form.UNIFORM))
                        .collect(Collectors.joining("."))
                : "";
    }

    /** Whether this is how the environment spells an element, or a part of one. */
    boolean isElementVariable(String spelling, String variable) {
        String rest = variable.substring(spelling.length());
        Set<String> parts = parts().stream().map(part -> part.replace(".", "")).collect(Collectors.toSet());
        return parts.isEmpty()
                ? rest.matches("_\\d+_?")
                : rest.matches("_\\d+_.+")
                        && parts.stream()
                                .anyMatch(part -> isThat(
                                        part,
                                        rest.replaceFirst("_\\d+_", "")
                                                .replaceFirst("_\\d+_?$", "")
                                                .replace("_", "")
                                                .toLowerCase(Locale.ROOT)));
    }

    /** As Spring Boot documents it: {@code KEYVAULTBACKUP_STORE_SASTOKEN}. */
    String environmentVariable() {
        return name.toString().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** All spellings of the variable that Spring Boot reads; the one with an underscore for each hyphen too. */
    Set<String> environmentVariables() {
        String other = name.toString().replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
        return Set.of(environmentVariable(), other);
    }

    /** Whether a property's value is never shown, to judge by its name; that the program's own name holds "key" does not count. */
    static boolean isSecret(String name) {
        String uniform = name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "").replaceFirst("^keyvaultbackup\\.?", "");
        return SECRET.matcher(uniform).find();
    }
}
