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
 * manifest. So many bytes of JSON are under way and no more, whatever the manifest and its objects are like. For one thread.
 */
final class ParallelSchemaCheck {

    /** About 250 usual objects; as a tree they take some ten times that. */
    private static final long BATCH_BYTES = 128 * 1024;

    private static final long MOST_BYTES_UNDER_WAY = 8 * BATCH_BYTES;

    private record Batch(long bytes, CompletableFuture<List<String>> checked) {}

    private final ManifestSchema schema;
    private final Consumer<List<String>> problems;
    private final Deque<Batch> underWay = new ArrayDeque<>();
    private List<JsonNode> batch = new ArrayList<>();
    private long bytesOfBatch;
    private long bytesUnderWay;

    /** @param problems given what is wrong, in the order of the objects, by the thread that uses this */
    ParallelSchemaCheck(ManifestSchema schema, Consumer<List<String>> problems) {
        this.schema = schema;
        this.problems = problems;
    }

    /** @param bytes how long about the object is */
    void check(JsonNode object, long bytes) {
        batch.add(object);
        bytesOfBatch += bytes;
        if (bytesOfBatch >= BATCH_BYTES) {
            begin();
            while (bytesUnderWay > MOST_BYTES_UNDER_WAY) {
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
        CompletableFuture<List<String>> checked = CompletableFuture.supplyAsync(
                () -> objects.stream().flatMap(schema::problemsOfObject).toList());
        underWay.add(new Batch(bytesOfBatch, checked));
        bytesUnderWay += bytesOfBatch;
        bytesOfBatch = 0;
    }

    private void tell(Batch next) {
        bytesUnderWay -= next.bytes();
        try {
            problems.accept(next.checked().join());
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
