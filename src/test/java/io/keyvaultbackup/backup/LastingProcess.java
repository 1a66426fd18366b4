package io.keyvaultbackup.backup;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.azure.ProxyUser;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.run.StopSignal;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program in a process with an environment of its own, which runs one verb after another: for tests of so many that each one's start would count. What
 * a verb prints and logs is in files, as {@link OwnProcess} has it.
 */
final class LastingProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedReader exitCodes;
    private final BufferedWriter orders;

    private LastingProcess(Process process) {
        this.process = process;
        this.exitCodes = process.inputReader();
        this.orders = process.outputWriter();
    }

    static LastingProcess start(Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dlogging.config=classpath:logback-spring.xml", // the program's, where tests have another
                        "-cp",
                        System.getProperty("java.class.path"),
                        LastingProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new LastingProcess(builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Runs a verb to its end. */
    Bench.Result run(Path place, List<String> arguments) {
        try {
            List<String> order = new ArrayList<>(List.of(place.toString()));
            order.addAll(arguments);
            orders.write(JSON.writeValueAsString(order));
            orders.newLine();
            orders.flush();
            String exitCode = exitCodes.readLine();
            if (exitCode == null) {
                throw new IllegalStateException("the process ended at " + arguments);
            }
            return new Bench.Result(Integer.parseInt(exitCode), read(out(place)), read(err(place)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static Path out(Path place) {
        return place.resolve("out");
    }

    private static Path err(Path place) {
        return place.resolve("err");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] none) throws IOException {
        ProxyUser.allowBasic();
        PrintStream answers = System.out;
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = JSON.readValue(line, String[].class);
            Path place = Path.of(order[0]);
            int exitCode;
            StopSignal stop = new StopSignal();
            try (PrintStream out = new Visited(out(place).toFile(), stop);
                    PrintStream err = new PrintStream(err(place).toFile(), StandardCharsets.UTF_8)) {
                System.setOut(out);
                System.setErr(err); // where the logging writes
                exitCode = CommandLineInterface.on(out, err, stop, KeyvaultBackup.class)
                        .execute(List.of(order).subList(1, order.length).toArray(String[]::new));
            }
            answers.println(exitCode);
            answers.flush();
        }
    }

    /** Looks at what is served, once that is told, and ends it: what the pages say is part of what was printed. */
    private static final class Visited extends PrintStream {

        private static final List<String> PAGES =
                List.of("/", "/login", "/fleet", "/api/v1/fleet", "/api/v1/runs", "/nowhere?sig=of-somebody");
        private static final List<String> MANAGEMENT =
                List.of("/actuator/health", "/actuator/health/readiness", "/actuator/prometheus", "/actuator");

        private final StopSignal stop;

        Visited(File file, StopSignal stop) throws IOException {
            super(file, StandardCharsets.UTF_8);
            this.stop = stop;
        }

        @Override
        public void println(@Nullable String line) {
            super.println(line);
            if (line != null && line.contains("\"management_address\"")) {
                JsonNode told = JSON.readTree(line);
                try (HttpClient browser = HttpClient.newHttpClient()) {
                    PAGES.forEach(page -> visit(browser, told.path("address").asString() + page));
                    MANAGEMENT.forEach(page ->
                            visit(browser, told.path("management_address").asString() + page));
                } finally {
                    stop.give();
                }
            }
        }

        private void visit(HttpClient browser, String address) {
            try {
                HttpResponse<String> answer = browser.send(
                        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
                super.println(answer.statusCode() + " " + answer.headers().map() + answer.body());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
