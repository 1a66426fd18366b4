package io.keyvaultbackup.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Prints one JSON object a line; the first property says what sort of line it is. */
final class JsonLines {

    private static final JsonMapper JSON = new JsonMapper();

    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    void print(String messageType, Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("message_type", messageType);
        properties.forEach((name, value) -> {
            if (value != null) {
                line.put(name, value);
            }
        });
        out.println(Printable.json(JSON.writeValueAsString(line)));
    }
}
