package io.keyvaultbackup.cli;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

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
