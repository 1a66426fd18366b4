package io.keyvaultbackup.testservices;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Prometheus or a Pushgateway, the real ones of Debian's packages, on a port of this machine that it chooses itself; it ends with this JVM at the latest. */
public final class MonitoringProgram implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=(127\\.0\\.0\\.1:\\d+)");
    private static final int START_LIMIT_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final URI url;

    private MonitoringProgram(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** One that has nothing yet. */
    public static MonitoringProgram pushgateway() {
        return start(List.of(find("prometheus-pushgateway"), "--web.listen-address=127.0.0.1:0"));
    }

    /** @param data where it keeps what it scraped */
    public static MonitoringProgram prometheus(Path configuration, Path data) {
        return start(List.of(
                find("prometheus"),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:0"));
    }

    /** Where it is; a test without it fails under .ci/run, which installs it, and is left out elsewhere. */
    public static String find(String name) {
        return InstalledProgram.find(name, "packages prometheus and prometheus-pushgateway")
                .toString();
    }

    private static MonitoringProgram start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new MonitoringProgram(process, URI.create("http://" + address(process)));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start " + command, failed);
        }
    }

    private static String address(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture.delayedExecutor(START_LIMIT_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!started.get()) {
                process.destroyForcibly();
            }
        });
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                started.set(true);
                Thread.ofPlatform().daemon().name("monitoring-output").start(() -> ignore(output));
                return listening.group(1);
            }
        }
        throw new IllegalStateException("it did not come to listen, and said: " + String.join(" / ", said));
    }

    private static void ignore(Reader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException closed) {
            return; // it has ended
        }
    }

    public URI url() {
        return url;
    }

    /** What it answers there. */
    public String get(String path) {
        try {
            return HTTP.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
