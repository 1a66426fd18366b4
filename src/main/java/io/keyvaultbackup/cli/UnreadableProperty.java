package io.keyvaultbackup.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.unit.DataSize;

/** Says what a property should look like that could not be read as what it is. */
final class UnreadableProperty {

    private UnreadableProperty() {}

    static String sentence(BindException unreadable) {
        Class<?> type = unreadable.getTarget().getType().resolve(Object.class);
        String name = unreadable.getName().toString();
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof PlaceholderResolutionException placeholder) {
                return name + ": " + unresolved(String.valueOf(placeholder.getPlaceholder()));
            }
        }
        if (type == URI.class) { // may hold a token, so it is not shown
            return name + ": its value is not a URL; it looks like https://myaccount.blob.core.windows.net/backups";
        }
        ConfigurationProperty property = unreadable.getProperty();
        String value = property == null || KnownProperty.isSecret(name) ? "its value" : "'" + property.getValue() + "'";
        return name + ": " + value + " is not " + expected(type, name);
    }

    static String unresolved(String placeholder) {
        return "${" + placeholder
                + "} stands for nothing: no property or environment variable of that name is given; give one, or a"
                + " default as in ${NAME:default}";
    }

    private static String expected(Class<?> type, String name) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .map(word -> word.toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        if (type.isRecord()) {
            return "one word, but has parts, such as " + name + "." + type.getRecordComponents()[0].getName();
        }
        String known = expectedOf(type);
        return known == null ? "what is expected there (" + words(type) + ")" : known;
    }

    private static @Nullable String expectedOf(Class<?> type) {
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number, such as 32";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == DataSize.class) {
            return "a size, such as 64MB";
        }
        if (type.isEnum()) {
            return "one of: "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant ->
                                    constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        if (type == Path.class) {
            return "a path, such as ./data";
        }
        return type == Duration.class ? "a length of time, such as 60s" : null;
    }

    /** {@code DataSize} as {@code data size}: no class of Java means anything to an operator. */
    private static String words(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
