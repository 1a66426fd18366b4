package io.keyvaultbackup.testservices;

import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Azurite, Microsoft's emulator of Blob Storage: a process with an account of its own, which keeps everything in memory and ends
 * with this JVM at the latest. Safe for use by many threads.
 */
public final class Azurite implements AutoCloseable {

    /** The account that every Azurite has, and its published key. */
    public static final String ACCOUNT = "devstoreaccount1";

    public static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final Pattern LISTENING = Pattern.compile("listens on https?://127\\.0\\.0\\.1:(\\d+)");

    private static final int START_LIMIT_SECONDS = 60;

    private final Process process;
    private final URI accountUrl;
    private final HttpClient httpClient;

    /** A container that no other test has. */
    public record Container(String connectionString, String name, URI url) {}

    private Azurite(Process process, URI accountUrl, HttpClient httpClient) {
        this.process = process;
        this.accountUrl = accountUrl;
        this.httpClient = httpClient;
    }

    private static final class Shared {
        static final Azurite INSTANCE = start("http", List.of(), TrustingHttpClient.ofJdk());
    }

    /** The one that all tests of this JVM share, over plain HTTP. Nobody closes it. */
    public static Azurite shared() {
        return Shared.INSTANCE;
    }

    /**
     * Another one, over HTTPS, which also takes tokens of Entra ID: any token of the right issuer, audience and time, whatever
     * its signature.
     *
     * @param certificate for {@code localhost}, PEM
     * @param key its private key, PEM
     */
    public static Azurite startHttps(Path certificate, Path key) {
        return start(
                "https",
                List.of("--cert", certificate.toString(), "--key", key.toString(), "--oauth", "basic"),
                TrustingHttpClient.of(certificate));
    }

    private static Azurite start(String scheme, List<String> further, HttpClient httpClient) {
        try {
            List<String> command = new ArrayList<>(AzuriteInstallation.command());
            command.addAll(List.of("--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"));
            command.addAll(List.of("--skipApiVersionCheck", "--silent", "--disableTelemetry"));
            command.addAll(further);
            Process process = NodePackages.start(new ProcessBuilder(command).redirectErrorStream(true));
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            int port = port(process);
            String host = scheme.equals("https") ? "localhost" : "127.0.0.1";
            return new Azurite(process, URI.create(scheme + "://" + host + ":" + port + "/" + ACCOUNT), httpClient);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start Azurite", failed);
        }
    }

    /** It chooses a free port itself, and tells it when it listens. What it says later is read too, so that it never waits for us. */
    private static int port(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture.delayedExecutor(START_LIMIT_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!started.get()) {
                process.destroy();
            }
        });
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                started.set(true);
                Thread.ofPlatform().daemon().name("azurite-output").start(() -> ignore(output));
                return Integer.parseInt(listening.group(1));
            }
        }
        throw new IllegalStateException("Azurite did not come to listen within " + START_LIMIT_SECONDS
                + " s, and said: " + String.join(" / ", said));
    }

    private static void ignore(Reader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException closed) {
            return; // Azurite has ended
        }
    }

    public String connectionString() {
        return connectionString(accountUrl);
    }

    /** The same account by another way, such as a proxy in front of it. */
    public static String connectionString(URI accountUrl) {
        return "DefaultEndpointsProtocol=" + accountUrl.getScheme() + ";AccountName=" + ACCOUNT + ";AccountKey="
                + ACCOUNT_KEY + ";BlobEndpoint=" + accountUrl + ";";
    }

    public URI accountUrl() {
        return accountUrl;
    }

    /** A client that trusts this one's certificate. */
    public HttpClient httpClient() {
        return httpClient;
    }

    public Container newContainer() {
        String name = "test-" + UUID.randomUUID();
        client(name).create();
        return new Container(connectionString(), name, URI.create(accountUrl + "/" + name));
    }

    /** With all rights, to prepare and to look behind the back of what is tested. */
    public BlobContainerClient client(String container) {
        return new BlobContainerClientBuilder()
                .httpClient(httpClient)
                .connectionString(connectionString())
                .containerName(container)
                .buildClient();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
