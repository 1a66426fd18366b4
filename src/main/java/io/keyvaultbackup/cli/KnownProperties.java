package io.keyvaultbackup.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All {@code keyvault-backup.*} properties, by name: what the records that read them left in the build's metadata. */
final class KnownProperties {

    static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("keyvault-backup");

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final JsonMapper JSON = new JsonMapper();

    private final List<KnownProperty> all;

    KnownProperties(List<KnownProperty> all) {
        this.all = List.copyOf(all);
    }

    static KnownProperties onTheClassPath() {
        TreeMap<String, KnownProperty> found = new TreeMap<>();
        try {
            for (URL metadata :
                    Collections.list(KnownProperties.class.getClassLoader().getResources(METADATA))) {
                try (InputStream input = metadata.openStream()) {
                    for (JsonNode property : JSON.readTree(input).path("properties")) {
                        String name = property.path("name").asString();
                        if (name.startsWith(ROOT + ".")) {
                            found.put(name, read(name, property));
                        }
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + METADATA, unreadable);
        }
        return new KnownProperties(List.copyOf(found.values()));
    }

    private static KnownProperty read(String name, JsonNode property) {
        return KnownProperty.of(
                name,
                property.path("type").asString(),
                text(property.path("description")),
                text(property.path("defaultValue")));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asString() : null;
    }

    List<KnownProperty> all() {
        return all;
    }

    /** The property that this is, or is a part of: an element of a list, an entry of a map. */
    @Nullable
    KnownProperty of(ConfigurationPropertyName name) {
        for (KnownProperty property : all) {
            boolean listed = property.isList()
                    && name.isLastElementIndexed()
                    && property.name().equals(name.getParent())
                    && name.isNumericIndex(name.getNumberOfElements() - 1);
            boolean mapped = property.isMap() && property.name().isAncestorOf(name);
            if (property.name().equals(name) || listed || mapped || property.hasPart(name)) {
                return property;
            }
        }
        return null;
    }

    /** The list of which this would be a part of an element, if there were such a part. */
    @Nullable
    KnownProperty listOf(ConfigurationPropertyName name) {
        return all.stream()
                .filter(property ->
                        property.name().isAncestorOf(name) && !property.parts().isEmpty())
                .findAny()
                .orElse(null);
    }

    /** Whether this is no property but what several begin with: {@code keyvault-backup.store}. */
    boolean isGroup(ConfigurationPropertyName name) {
        return all.stream().anyMatch(property -> name.isAncestorOf(property.name()));
    }
}
