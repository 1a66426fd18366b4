package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ParallelSchemaCheckTest {

    private static final int LARGE = 1024 * 1024;

    private final List<List<String>> told = new ArrayList<>();
    private final ParallelSchemaCheck check = new ParallelSchemaCheck(new ManifestSchema(), told::add);

    private static JsonNode object(int number) {
        return new JsonMapper().readTree("{\"name\":" + number + "}");
    }

    @Test
    void ofLargeObjectsOnlyOneIsUnderWay() {
        for (int number = 1; number <= 50; number++) {
            // when
            check.check(object(number), LARGE);

            // then all before it were told
            assertThat(told).hasSizeGreaterThanOrEqualTo(number - 1);
        }

        // and in the end the last one too
        check.end();
        assertThat(told.stream().filter(problems -> !problems.isEmpty())).hasSize(50);
    }

    @Test
    void smallOnesAreCheckedTogether() {
        // when
        for (int number = 0; number < 1_000; number++) {
            check.check(object(number), 500);
        }
        check.end();

        // then in batches of 128 KiB
        assertThat(told).hasSize(4);
        assertThat(told.stream().flatMap(List::stream)).hasSizeGreaterThanOrEqualTo(1_000);
    }
}
