package io.keyvaultbackup.snapshot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Holds objects against their schema on another core, a batch at a time, while whoever reads them goes on: it is half of the work of reading a
 * manifest. Few batches are under way, so memory does not grow with a manifest. For one thread.
 */
final class ParallelSchemaCheck {

    private static final int BATCH = 250;
    private static final int MOST_UNDER_WAY = 8;

    private final ManifestSchema schema;
    private final Consumer<List<String>> problems;
    private final Deque<CompletableFuture<List<String>>> underWay = new ArrayDeque<>();
    private List<JsonNode> batch = new ArrayList<>();

    /** @param problems given what is wrong, in the order of the objects, by the thread that uses this */
    ParallelSchemaCheck(ManifestSchema schema, Consumer<List<String>> problems) {
        this.schema = schema;
        this.problems = problems;
    }

    void check(JsonNode object) {
        batch.add(object);
        if (batch.size() == BATCH) {
            begin();
            if (underWay.size() > MOST_UNDER_WAY) {
                tell(underWay.remove());
            }
        }
    }

    /** Waits for all that is under way. */
    void end() {
        begin();
        while (!underWay.isEmpty()) {
            tell(underWay.remove());
        }
    }

    private void begin() {
        List<JsonNode> objects = batch;
        batch = new ArrayList<>();
        underWay.add(CompletableFuture.supplyAsync(
                () -> objects.stream().flatMap(schema::problemsOfObject).toList()));
    }

    private void tell(CompletableFuture<List<String>> checked) {
        try {
            problems.accept(checked.join());
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
