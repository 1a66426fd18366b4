package io.keyvaultbackup.dashboard.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the schemas of the records are called that are answered, of which springdoc tells the classes: VaultAnswer is a Vault, its Good a VaultGood, and
 * FleetResource's Answer a Fleet, unless descriptions.properties calls one otherwise, as it has to where two would have one name.
 */
final class SchemaNames {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, String> names = new HashMap<>();

    SchemaNames(Collection<String> types, Descriptions words) {
        for (String type : new TreeSet<>(types)) {
            String written = type.substring(classOf(type).getPackageName().length() + 1);
            names.put(type, words.found("schema." + written).orElseGet(() -> usual(written)));
        }
        Set<String> given = new HashSet<>();
        names.forEach((type, name) -> {
            if (!given.add(name)) {
                throw new AssertionError("two schemas are called " + name + ", one of them " + type
                        + ": call it otherwise in descriptions.properties, such as schema.RunResource.Answer=Runs");
            }
        });
    }

    private static String usual(String written) {
        return Stream.of(written.split("\\.", -1))
                .map(part -> part.replaceFirst("(Answer|Resource)$", ""))
                .collect(Collectors.joining());
    }

    String of(String type) {
        String name = names.get(type);
        if (name == null) {
            throw new AssertionError("no schema of " + type);
        }
        return name;
    }

    String reference(String told) {
        String type = told.startsWith(REFERENCE) ? told.substring(REFERENCE.length()) : told;
        return names.containsKey(type) ? REFERENCE + of(type) : told;
    }

    /** Those of these properties that are sent whatever there is: a record's components that are never null. */
    Set<String> alwaysThere(String type, Collection<String> properties) {
        Class<?> answered = classOf(type);
        Set<String> always = new TreeSet<>();
        if (answered.isRecord()) {
            for (RecordComponent component : answered.getRecordComponents()) {
                JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
                String name = named == null ? component.getName() : named.value();
                if (properties.contains(name) && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    always.add(name);
                }
            }
        }
        return always;
    }

    /** A class within another is told with a dot as well. */
    private static Class<?> classOf(String type) {
        String name = type;
        while (true) {
            try {
                return Class.forName(name, false, SchemaNames.class.getClassLoader());
            } catch (ClassNotFoundException within) {
                int dot = name.lastIndexOf('.');
                if (dot < 0) {
                    throw new AssertionError("springdoc tells of " + type + ", which is no class", within);
                }
                name = name.substring(0, dot) + "$" + name.substring(dot + 1);
            }
        }
    }
}
