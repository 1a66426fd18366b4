package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Finds every value that cannot be read as what it should be. A record stops at its first one; here each is tried by itself, and put
 * aside, so that the record can be made and can tell what else is wrong. For a program that will not start in any case.
 */
final class UnreadableProperties {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+)}");

    private final KnownProperties known;

    UnreadableProperties(KnownProperties known) {
        this.known = known;
    }

    /** A sentence for each; their defaults take their places. */
    List<String> putAside(ConfigurableEnvironment environment) {
        List<String> problems = new ArrayList<>();
        Map<String, Object> defaults = new LinkedHashMap<>();
        Binder binder = Binder.get(environment);
        for (KnownProperty property : known.all()) {
            String problem = problem(property, binder);
            if (problem != null) {
                problems.add(problem);
                String instead = property.defaultValue();
                defaults.put(property.name().toString(), instead == null ? "" : instead);
            }
        }
        if (!defaults.isEmpty()) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("in place of what is unreadable", defaults));
        }
        return problems;
    }

    private static @Nullable String problem(KnownProperty property, Binder binder) {
        if (property.isMap()) {
            return null;
        }
        try {
            String text = property.isList()
                    ? String.join(
                            " ",
                            binder.bind(property.name(), Bindable.listOf(String.class))
                                    .orElseGet(List::of))
                    : binder.bind(property.name(), Bindable.of(String.class)).orElse("");
            Matcher placeholder = PLACEHOLDER.matcher(text);
            if (placeholder.find() && !KnownProperty.isSecret(property.name().toString())) {
                return property.name() + ": " + UnreadableProperty.unresolved(placeholder.group(1));
            }
            if (!property.isList()) {
                binder.bind(property.name(), Bindable.of(typeOf(property)));
            }
            return null;
        } catch (BindException unreadable) {
            // a list whose elements have parts: those are unknown properties, and told as such
            return property.isList() ? null : UnreadableProperty.sentence(unreadable);
        }
    }

    private static Class<?> typeOf(KnownProperty property) {
        return ClassUtils.resolveClassName(property.type(), UnreadableProperties.class.getClassLoader());
    }
}
