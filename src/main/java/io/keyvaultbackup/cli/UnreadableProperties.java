package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            if (property.isList() || property.isMap()) {
                continue;
            }
            try {
                binder.bind(property.name(), Bindable.of(typeOf(property)));
            } catch (BindException unreadable) {
                problems.add(UnreadableProperty.sentence(unreadable));
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

    private static Class<?> typeOf(KnownProperty property) {
        return ClassUtils.resolveClassName(property.type(), UnreadableProperties.class.getClassLoader());
    }
}
