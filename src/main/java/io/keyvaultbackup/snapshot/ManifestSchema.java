package io.keyvaultbackup.snapshot;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of manifests, held against the head and each object by themselves, so that a manifest of any length can be checked. */
final class ManifestSchema {

    private static final String FILE = "/META-INF/keyvault-backup/manifest-1.schema.json";
    private static final String ID = "https://keyvaultbackup.io/schemas/manifest-1.json";
    private static final int PROBLEMS_TOLD = 3;

    private final Schema whole;
    private final Schema object;

    ManifestSchema() {
        SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text())));
        whole = schemas.getSchema(SchemaLocation.of(ID));
        object = schemas.getSchema(SchemaLocation.of(ID + "#/$defs/object"));
    }

    private static String text() {
        try (InputStream file = Objects.requireNonNull(ManifestSchema.class.getResourceAsStream(FILE))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + FILE, unreadable);
        }
    }

    /** What is wrong with the properties before the objects, in words; the first few. */
    Stream<String> problemsOfHead(ObjectNode head) {
        ObjectNode withoutObjects = head.deepCopy();
        withoutObjects.putArray("objects");
        return told(whole.validate(withoutObjects));
    }

    /** What is wrong with one object, in words; the first few. */
    Stream<String> problemsOfObject(JsonNode json) {
        return told(object.validate(json));
    }

    private static Stream<String> told(List<Error> errors) {
        return errors.stream().limit(PROBLEMS_TOLD).map(Error::toString);
    }
}
