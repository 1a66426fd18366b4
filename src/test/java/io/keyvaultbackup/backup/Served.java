package io.keyvaultbackup.backup;

import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.run.StopSignal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, served by this JVM on ports of its own, until it is closed. */
public final class Served implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final StopSignal stop;
    private final CompletableFuture<Integer> exitCode;
    private final JsonNode told;

    private Served(StopSignal stop, CompletableFuture<Integer> exitCode, JsonNode told) {
        this.stop = stop;
        this.exitCode = exitCode;
        this.told = told;
    }

    static Served start(List<String> arguments, List<Class<?>> sources) {
        StopSignal stop = new StopSignal();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        try (PipedInputStream in = new PipedInputStream(1 << 16)) {
            PrintStream out = new PrintStream(new PipedOutputStream(in), true, StandardCharsets.UTF_8);
            CommandLineInterface program = CommandLineInterface.on(
                    out, new PrintStream(err, true, StandardCharsets.UTF_8), stop, sources.toArray(Class<?>[]::new));
            Thread.ofPlatform().daemon().name("serve").start(() -> {
                try (out) {
                    exitCode.complete(program.execute(arguments.toArray(String[]::new)));
                } catch (RuntimeException | Error failed) {
                    exitCode.completeExceptionally(failed);
                }
            });
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            if (line == null) {
                throw new AssertionError(
                        "it ended with " + exitCode.join() + ": " + err.toString(StandardCharsets.UTF_8));
            }
            JsonNode told = JSON.readTree(line);
            if (!told.path("message_type").asString().equals("status")) {
                throw new AssertionError("it ended with " + exitCode.join() + ": " + line);
            }
            return new Served(stop, exitCode, told);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public URI address(String path) {
        return URI.create(told.path("address").asString() + path);
    }

    public URI managementAddress(String path) {
        return URI.create(told.path("management_address").asString() + path);
    }

    /** What it told when it had started. */
    public JsonNode told() {
        return told;
    }

    /** Ends it, as Ctrl-C does, and waits for that. */
    public int stop() {
        stop.give();
        return exitCode.join();
    }

    @Override
    public void close() {
        stop();
    }
}
