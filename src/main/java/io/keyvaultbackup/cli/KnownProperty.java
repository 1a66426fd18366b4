package io.keyvaultbackup.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private static final Pattern SECRET = Pattern.compile("secret|password|token|key|connectionstring");

    static KnownProperty of(String name, String type, @Nullable String description, @Nullable String defaultValue) {
        return new KnownProperty(ConfigurationPropertyName.of(name), type, description, defaultValue);
    }

    boolean isList() {
        return type.startsWith("java.util.List<") || type.startsWith("java.util.Set<") || type.endsWith("[]");
    }

    boolean isMap() {
        return type.startsWith("java.util.Map<");
    }

    /** What each element of a list has, where it is no single value, in one word each: {@code immutablefor}. */
    Set<String> parts() {
        if (!isList() || !type.endsWith(">")) {
            return Set.of();
        }
        try {
            Class<?> element = ClassUtils.forName(
                    type.substring(type.indexOf('<') + 1, type.length() - 1), KnownProperty.class.getClassLoader());
            return element.isRecord()
                    ? Arrays.stream(element.getRecordComponents())
                            .map(part -> part.getName().toLowerCase(Locale.ROOT))
                            .collect(Collectors.toCollection(TreeSet::new))
                    : Set.of();
        } catch (ClassNotFoundException notOurs) {
            return Set.of();
        }
    }

    /** Whether this is a part of an element, or an element of such a part: {@code vaults[0].budget}, {@code vaults[0].kinds[1]}. */
    boolean hasPart(ConfigurationPropertyName given) {
        int element = name.getNumberOfElements();
        int elements = given.getNumberOfElements();
        return name.isAncestorOf(given)
                && (elements == element + 2 || (elements == element + 3 && given.isNumericIndex(element + 2)))
                && given.isNumericIndex(element)
                && parts().contains(given.getElement(element + 1, ConfigurationPropertyName.Form.UNIFORM));
    }

    /** Whether this is how the environment spells an element, or a part of one. */
    boolean isElementVariable(String spelling, String variable) {
        String rest = variable.substring(spelling.length());
        Set<String> parts = parts();
        return parts.isEmpty()
                ? rest.matches("_\\d+_?")
                : rest.matches("_\\d+_.+")
                        && parts.contains(rest.replaceFirst("_\\d+_", "")
                                .replaceFirst("_\\d+_?$", "")
                                .replace("_", "")
                                .toLowerCase(Locale.ROOT));
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
