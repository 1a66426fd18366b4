package io.keyvaultbackup.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of docs/scale.md are what the simulation and the cost model say now. */
class ScaleDocumentTest {

    private static final Path FILE = Path.of("docs/scale.md");

    @Test
    void theTablesAreWhatIsSimulated() throws IOException {
        Map<String, String> tables = new ScaleTables().all();
        tables.forEach((name, table) -> System.out.println(name + "\n" + table));
        String written = Files.readString(FILE);
        String expected = written;
        for (Map.Entry<String, String> table : tables.entrySet()) {
            expected = with(expected, table.getKey(), table.getValue());
        }
        if (Boolean.getBoolean("scale.write")) {
            Files.writeString(FILE, expected);
        }

        assertThat(FILE)
                .as(
                        "to write them anew: ./mvnw test -Dtest=ScaleDocumentTest -Dscale.write=true; then read what is said of them")
                .hasContent(expected);
    }

    private static String with(String document, String name, String table) {
        String begin = "<!-- " + name + ": begin -->\n";
        String end = "<!-- " + name + ": end -->\n";
        assertThat(document).as("marks of the table").containsOnlyOnce(begin).containsOnlyOnce(end);
        return document.substring(0, document.indexOf(begin) + begin.length())
                + table
                + document.substring(document.indexOf(end));
    }
}
