package io.keyvaultbackup.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.unit.DataSize;

/** Says what a property should look like that could not be read as what it is. */
final class UnreadableProperty {

    private UnreadableProperty() {}

    static String sentence(BindException unreadable) {
        Class<?> type = unreadable.getTarget().getType().resolve(Object.class);
        String name = unreadable.getName().toString();
        if (type == URI.class) { // may hold a token, so it is not shown
            return name + ": its value is not a URL; it looks like https://myaccount.blob.core.windows.net/backups";
        }
        ConfigurationProperty property = unreadable.getProperty();
        String expected = expected(type);
        return expected == null || property == null
                ? name + ": "
                        + NestedExceptionUtils.getMostSpecificCause(unreadable).getMessage()
                : name + ": '" + property.getValue() + "' is not " + expected;
    }

    private static @Nullable String expected(Class<?> type) {
        if (type == int.class || type == long.class) {
            return "a whole number, such as 32";
        }
        if (type == boolean.class) {
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
        return type == Duration.class ? "a length of time, such as 60s" : null;
    }
}
