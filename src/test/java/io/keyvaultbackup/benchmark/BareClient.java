package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program that makes the calls of a backup with the JDK's HTTP client and nothing else: it lists, asks for each secret's versions and backup, puts that where a
 * store would, and lists again. What it takes is the least that these calls can take in Java.
 */
final class BareClient {

    private static final Pattern ID = Pattern.compile("\"id\":\"[^\"]*/([^\"/]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"nextLink\":\"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]+)\"");
    private static final String VERSION = "?api-version=7.6";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String vault;
    private final String token;
    private final String target;

    private BareClient(String vault, String token, String target) {
        this.vault = vault;
        this.token = token;
        this.target = target;
    }

    /** @param arguments the vault's URI, a token, a directory or a container's URL with its SAS token, and how many objects at a time */
    static void main(String[] arguments) throws Exception {
        BareClient bare = new BareClient(arguments[0], arguments[1], arguments[2]);
        List<String> secrets = bare.list();
        Semaphore atATime = new Semaphore(Integer.parseInt(arguments[3]));
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String secret : secrets) {
                atATime.acquire();
                all.add(threads.submit(() -> {
                    try {
                        bare.backUp(secret);
                    } finally {
                        atATime.release();
                    }
                    return true;
                }));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
        bare.list();
    }

    private List<String> list() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("secrets", "keys", "certificates")) {
            names.addAll(pages(vault + "/" + kind + VERSION));
        }
        return names;
    }

    private List<String> pages(String first) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        @Nullable String page = first;
        while (page != null) {
            String answer = ask("GET", page);
            ID.matcher(answer).results().map(id -> id.group(1)).forEach(names::add);
            Matcher next = NEXT.matcher(answer);
            page = next.find() ? next.group(1) : null;
        }
        return names;
    }

    private void backUp(String name) throws IOException, InterruptedException, NoSuchAlgorithmException {
        pages(vault + "/secrets/" + name + "/versions" + VERSION);
        Matcher value = VALUE.matcher(ask("POST", vault + "/secrets/" + name + "/backup" + VERSION));
        if (!value.find()) {
            throw new IOException("no backup of " + name);
        }
        byte[] bytes = Base64.getUrlDecoder().decode(value.group(1));
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        if (target.startsWith("http")) {
            upload(name, bytes, sha256);
        } else {
            write(Path.of(target), name, bytes, sha256);
        }
    }

    private String ask(String method, String uri) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                200);
    }

    private void upload(String name, byte[] bytes, String sha256) throws IOException, InterruptedException {
        send(
                HttpRequest.newBuilder(URI.create(target.replace("?", "/secret/" + name + "?")))
                        .header("x-ms-blob-type", "BlockBlob")
                        .header("x-ms-meta-sha256", sha256)
                        .header("If-None-Match", "*")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                201);
    }

    private String send(HttpRequest request, int expected) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != expected) {
            throw new IOException(answer.statusCode() + " from " + request.uri().getPath() + ": " + answer.body());
        }
        return answer.body();
    }

    /** As durable as in the directory store: both files and their names are on the disk. */
    private static void write(Path directory, String name, byte[] bytes, String sha256) {
        try {
            Files.createDirectories(directory);
            note(directory, name + ".meta", sha256.getBytes(StandardCharsets.UTF_8));
            note(directory, name, bytes);
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void note(Path directory, String name, byte[] bytes) throws IOException {
        Path beside = directory.resolve("." + name + ".tmp");
        try (FileChannel file = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes));
            file.force(true);
        }
        Files.move(beside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
