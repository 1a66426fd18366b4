package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** Verbs, run with all logging at DEBUG, and the search through all that came out of them. */
final class SearchedVerbs {

    /** What the program keeps from telling secrets. */
    private static final Set<String> KEPT_FROM_TELLING = Set.of("logging.level.org.postgresql.Driver");

    private static final Pattern DEBUGGED = Pattern.compile("^DEBUG ([\\w.$]+) ", Pattern.MULTILINE);

    private final Path directory;
    private final Bench bench;
    private final Canaries canaries;
    private final BlockingQueue<LastingProcess> idle;
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    /** Of each verb that was run, who said something at DEBUG. */
    private final Map<String, Set<String>> heard = new ConcurrentHashMap<>();

    /**
     * @param directory for what comes out, in a directory of its own for each
     * @param processes that run them
     */
    SearchedVerbs(Path directory, Bench bench, Canaries canaries, List<LastingProcess> processes) {
        this.directory = directory;
        this.bench = bench;
        this.canaries = canaries;
        this.idle = new LinkedBlockingQueue<>(processes);
        talkative();
    }

    private void talkative() {
        bench.set("logging.level.root", "DEBUG").set("logging.pattern.console", "%level %logger %msg%n%xEx");
        try {
            for (PropertySource<?> defaults : new YamlPropertySourceLoader()
                    .load("defaults", new FileSystemResource("src/main/resources/application.yaml"))) {
                Stream.of(((EnumerablePropertySource<?>) defaults).getPropertyNames())
                        .filter(name -> name.startsWith("logging.level."))
                        .filter(name -> !KEPT_FROM_TELLING.contains(name)) // as it is for whoever sets the root's level
                        .forEach(name -> bench.set(name, "DEBUG"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @param name of what is run, which no other run has */
    Bench.Result run(String name, String... arguments) {
        Path place = place(name);
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[0].equals("completion")) { // which takes no option
            all.addAll(List.of("--config", configuration(place).toString()));
        }
        Bench.Result result = byWhoeverIsIdle(place, all);
        Set<String> loggers = heard.computeIfAbsent(arguments[0], _ -> ConcurrentHashMap.newKeySet());
        DEBUGGED.matcher(result.err()).results().forEach(line -> loggers.add(line.group(1)));
        search("what " + name + " printed", result.out());
        search("what " + name + " logged", result.err());
        return result;
    }

    private Bench.Result byWhoeverIsIdle(Path place, List<String> arguments) {
        try {
            LastingProcess process = idle.take();
            try {
                return process.run(place, arguments);
            } finally {
                idle.add(process);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Of this run alone: the bench's own is written anew by each. */
    private synchronized Path configuration(Path place) {
        try {
            return Files.copy(bench.configuration(), place.resolve("bench.properties"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path place(String name) {
        try {
            return Files.createDirectory(
                    Files.createDirectories(directory.resolve("output")).resolve(name.replaceAll("\\W+", "-")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As many at a time as there are processes. */
    void sideBySide(List<Runnable> runs) {
        try (ExecutorService threads = Executors.newFixedThreadPool(idle.size())) {
            List<Future<?>> all = new ArrayList<>();
            runs.forEach(run -> all.add(threads.submit(run)));
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    void search(String where, String text) {
        leaks.addAll(canaries.in(where, text));
    }

    /** Every blob of a container, with its name and its metadata. */
    void searchContainer(String container) {
        BlobContainerClient client = Azurite.shared().client(container);
        ListBlobsOptions all = new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveMetadata(true));
        for (BlobItem blob : client.listBlobs(all, null)) {
            search(
                    "blob " + container + "/" + blob.getName(),
                    blob.getName()
                            + blob.getMetadata()
                            + new String(
                                    client.getBlobClient(blob.getName())
                                            .downloadContent()
                                            .toBytes(),
                                    StandardCharsets.ISO_8859_1));
        }
    }

    /** Every row of every table, and the files that a database in files is. */
    void searchDatabaseAndFiles() {
        List<@Nullable String> tables = bench.jdbc()
                .sql("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE LOWER(TABLE_SCHEMA) = 'public'")
                .query(String.class)
                .list();
        assertThat(tables).hasSizeGreaterThan(8);
        for (String table : tables) {
            search(
                    "table " + table,
                    bench.jdbc()
                            .sql("SELECT * FROM \"" + table + "\"")
                            .query()
                            .listOfRows()
                            .toString());
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("bench.properties"))
                    .filter(file -> !file.endsWith("out") && !file.endsWith("err")) // searched already
                    .toList()) {
                search("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<String> leaks() {
        return List.copyOf(leaks);
    }

    Map<String, Set<String>> heard() {
        return heard;
    }
}
