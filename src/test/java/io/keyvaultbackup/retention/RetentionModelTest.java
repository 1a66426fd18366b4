package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.SigningKeys;
import io.keyvaultbackup.vault.VaultAddress;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random sequences of changes at the vault, nights that go well, fail in part or break off, labels, forgets that go well or break off, lost databases, and
 * time that passes, also over a leap day and where clocks are changed. After each step every snapshot that is there is held, copy by copy, against what the vault
 * was then, each complete one is restored into an empty vault, and nothing may be gone that the policies so far would have kept. Most are in a directory, some, and shorter ones, in
 * Azurite; half of them are signed.
 * {@code ./mvnw test -Dtest=RetentionModelTest [-Dretention.model.seed=N -Dretention.model.place=AZURITE] [-Dretention.model.sequences=50]}.
 */
class RetentionModelTest extends EmulatedVaultTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ALL = "all";
    private static final String KEYS = "key";
    private static final int INTERRUPTED = 130;
    private static final Duration UNMISTAKABLE = Duration.ofMinutes(1);

    /** A while before clocks are put back and forward in Berlin, a leap day, and a year's end. */
    private static final List<Instant> BEGINNINGS = List.of(
            Instant.parse("2027-10-29T20:10:00Z"),
            Instant.parse("2028-03-25T12:00:00Z"),
            Instant.parse("2028-02-26T23:30:00Z"),
            Instant.parse("2027-12-30T22:45:00Z"));

    private static final List<Duration> PAUSES = List.of(
            Duration.ofMinutes(20),
            Duration.ofHours(1),
            Duration.ofHours(7),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(9),
            Duration.ofDays(40));

    private static final List<String> LENGTHS = List.of("5h", "2d", "9d12h", "1m", "1m10d", "1y");

    /** What a forget may still put and remove before it breaks off. */
    private static final AtomicInteger CHANGES_LEFT = new AtomicInteger(Integer.MAX_VALUE);

    /** Whether the last change is made, and nobody hears of it. */
    private static final AtomicBoolean ANSWER_LOST = new AtomicBoolean();

    /** The time of the vaults is the program's too. */
    @TestConfiguration(proxyBeanMethods = false)
    static class OneTime {
        @Bean
        @Primary
        InstantSource skippingInstants() {
            return SkippingTime.CLOCK;
        }
    }

    /** Breaks off after so many changes of the store, whichever it is. */
    @TestConfiguration(proxyBeanMethods = false)
    static class StoreThatBreaksOff {
        @Bean
        static BeanPostProcessor breakingOff() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return switch (bean) {
                        case BackupStore store -> breakingOff(BackupStore.class, store, "put");
                        case BlobRemoval removal -> breakingOff(BlobRemoval.class, removal, "remove");
                        default -> bean;
                    };
                }
            };
        }

        private static <T> T breakingOff(Class<T> port, T real, String change) {
            return port.cast(Proxy.newProxyInstance(
                    port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                        int left = method.getName().equals(change) ? CHANGES_LEFT.decrementAndGet() : 0;
                        if (left < -1 || (left == -1 && !ANSWER_LOST.get())) {
                            throw new CrashingStore.Crash();
                        }
                        try {
                            @Nullable Object answer = method.invoke(real, arguments);
                            if (left == -1) {
                                throw new CrashingStore.Crash();
                            }
                            return answer;
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getTargetException();
                        }
                    }));
        }
    }

    /** Where a sequence takes place, and of how many steps it is: a container takes longer. */
    enum Place {
        DIRECTORY(18),
        AZURITE(11);

        private final int steps;

        Place(int steps) {
            this.steps = steps;
        }
    }

    /** What a snapshot has to hold: of each object the revisions that its copy may be of. */
    private record Night(Instant scheduledFor, boolean complete, String kinds, Map<String, Long> revisions) {}

    private final Map<String, Night> there = new TreeMap<>();
    private final Map<String, Labels> labels = new TreeMap<>();
    private final Map<String, Long> told = new TreeMap<>();
    private Random random = new Random(0);
    private int made;
    private String steps = "";

    private Azurite.@Nullable Container container;

    static Stream<Arguments> sequences() {
        Long given = Long.getLong("retention.model.seed");
        if (given != null) {
            return Stream.of(Arguments.of(
                    given, Place.valueOf(System.getProperty("retention.model.place", Place.DIRECTORY.name()))));
        }
        int number = Integer.getInteger("retention.model.sequences", 4);
        Random seeds = new Random();
        return IntStream.range(0, number)
                .mapToObj(sequence ->
                        Arguments.of(seeds.nextLong(), sequence % 3 == 2 ? Place.AZURITE : Place.DIRECTORY));
    }

    @BeforeEach
    void useSkippingTime(TestInfo test) {
        vault = emulator.vault(
                VaultSettings.of("model" + Math.floorMod(test.getDisplayName().hashCode(), 1_000_000))
                        .withClock(SkippingTime.CLOCK));
        bench.with(SkippingTime.class).with(OneTime.class).with(StoreThatBreaksOff.class);
        CHANGES_LEFT.set(Integer.MAX_VALUE);
    }

    @ParameterizedTest(name = "-Dretention.model.seed={0} -Dretention.model.place={1}")
    @MethodSource("sequences")
    void whatIsKeptIsWholeAndNothingIsGoneThatAPolicyKeeps(long seed, Place place) {
        random = new Random(seed);
        if (place == Place.AZURITE) {
            container = Azurite.shared().newContainer();
            bench.onContainer(container, "racwdl");
        }
        if (random.nextBoolean()) {
            SigningKeys keys = SigningKeys.in(directory);
            bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                    .set(
                            "keyvault-backup.signature.public-key-file",
                            keys.publicFile().toString());
        }
        Instant begin = BEGINNINGS.get(random.nextInt(BEGINNINGS.size()));
        while (begin.isBefore(SkippingTime.CLOCK.instant())) { // an earlier sequence was there already
            begin = begin.atZone(ZoneId.of("Europe/Berlin")).plusYears(4).toInstant();
        }
        SkippingTime.skip(Duration.between(SkippingTime.CLOCK.instant(), begin));
        bench.set("keyvault-backup.refresh-days", random.nextBoolean() ? "7" : "0");
        vault.secrets("app", 4);
        vault.key("signing");
        vault.certificate("site");
        for (int step = 0; step < place.steps; step++) {
            steps += "\n  " + SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.MINUTES) + " ";
            takeAStep();
            checkEverySnapshot();
            restoreWhatIsThere();
        }
        verify("--read-data");
        System.out.println("RetentionModelTest seed " + seed + " " + place + ": " + told);
    }

    private void takeAStep() {
        switch (random.nextInt(13)) {
            case 0 -> loseTheDatabase();
            case 1 -> label();
            case 2 -> failingNight();
            case 3 -> nightThatBreaksOff();
            case 4, 5, 6 -> forget(random.nextBoolean());
            case 7 -> nightOfKeys();
            default -> night();
        }
        SkippingTime.skip(PAUSES.get(random.nextInt(PAUSES.size())));
    }

    private void step(String what) {
        steps += what;
        told.merge(what.split(" ", 2)[0], 1L, Long::sum);
    }

    private void changeTheVault() {
        for (int change = random.nextInt(4); change > 0; change--) {
            List<EmulatedObject> objects = vault.objects().stream()
                    .filter(object -> !object.managed() || object.kind().equals("certificate"))
                    .toList();
            EmulatedObject one = objects.get(random.nextInt(objects.size()));
            switch (random.nextInt(6)) {
                case 0 -> vault.secret("made" + made++);
                case 1 -> {
                    if (one.kind().equals("secret") && objects.size() > 4) {
                        vault.delete(one.kind(), one.name());
                    }
                }
                case 2 -> vault.tag(one.kind(), one.name(), Map.of("change", String.valueOf(random.nextInt(1000))));
                default -> vault.rotate(one.kind(), one.name());
            }
        }
        SkippingTime.skip(UNMISTAKABLE);
    }

    // Backups

    private void night() {
        changeTheVault();
        Instant scheduled = SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
        vault.requests().reset();
        Bench.Result result = bench.backUp(vault, "--scheduled-for", scheduled.toString());
        step("night " + id(scheduled) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        note(scheduled, result);
        checkCalls(result);
    }

    /** Every copy that was made is a call, no other call was made, and nothing was copied that need not be. */
    private void checkCalls(Bench.Result result) {
        long copied = result.outcomes().getOrDefault("BACKED_UP", 0L);
        assertThat(vault.requests().count(Operation.BACKUP)).as(steps).isEqualTo(copied);
        assertThat(vault.requests().count(Operation.VERSIONS)).as(steps).isEqualTo(copied);
        assertThat(vault.requests().count(Operation.LIST)).as(steps).isEqualTo(6);
        told.merge("copied", copied, Long::sum);
        told.merge("unchanged", result.outcomes().getOrDefault("UNCHANGED", 0L), Long::sum);
    }

    /** It is newer than all others, and takes the place of none but of those of keys. */
    private void nightOfKeys() {
        changeTheVault();
        Instant scheduled = SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
        Bench.Result result = bench.backUp(vault, "--scheduled-for", scheduled.toString(), "--kind", KEYS);
        step("keys " + id(scheduled) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        note(scheduled, KEYS, result);
    }

    private void failingNight() {
        changeTheVault();
        EmulatedObject doomed = vault.objects().stream()
                .filter(object -> !object.managed())
                .findFirst()
                .orElseThrow();
        vault.rotate(doomed.kind(), doomed.name());
        SkippingTime.skip(UNMISTAKABLE);
        vault.faults()
                .on(Operation.BACKUP, doomed.kind(), doomed.name())
                .always()
                .forbid("ForbiddenByRbac");
        Instant scheduled = SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
        Bench.Result result = bench.backUp(vault, "--scheduled-for", scheduled.toString());
        vault.faults().clear();
        step("failing night " + id(scheduled) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isIn(3, 5);
        note(scheduled, result);
    }

    /** It is stopped, and relaunched, or left as it is. */
    private void nightThatBreaksOff() {
        changeTheVault();
        Instant scheduled = SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
        vault.faults().onAny().skip(random.nextInt(14)).times(1).before(bench.nextStop()::give);
        Bench.Result result = bench.backUp(vault, "--scheduled-for", scheduled.toString());
        bench.nextStop();
        vault.faults().clear();
        boolean relaunched = random.nextBoolean();
        step("broken night " + id(scheduled) + " " + result.exitCode() + (relaunched ? ", relaunched" : ""));
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isIn(0, INTERRUPTED);
        if (result.exitCode() == INTERRUPTED && relaunched) {
            result = bench.backUp(vault, "--scheduled-for", scheduled.toString());
            assertThat(result.exitCode())
                    .as(result.out() + result.err() + steps)
                    .isZero();
        }
        if (result.exitCode() == 0) {
            note(scheduled, result);
        }
    }

    private String id(Instant scheduled) {
        return SnapshotId.of(VaultAddress.parse(vault.uri().toString()), scheduled)
                .value();
    }

    private void note(Instant scheduled, Bench.Result result) {
        note(scheduled, ALL, result);
    }

    private void note(Instant scheduled, String kinds, Bench.Result result) {
        Map<String, Long> revisions = new LinkedHashMap<>();
        for (EmulatedObject object : vault.objects()) {
            if (!object.managed() && (kinds.equals(ALL) || object.kind().equals(kinds))) {
                revisions.put(
                        object.kind() + "/" + object.name(),
                        vault.history(object.kind(), object.name()).getLast().revision());
            }
        }
        there.put(
                id(scheduled),
                new Night(scheduled, result.summary().path("status").asString().equals("COMPLETE"), kinds, revisions));
    }

    private void loseTheDatabase() {
        step("database lost");
        FileSystemUtils.deleteRecursively(directory.resolve("data").toFile());
    }

    // Labels and forgetting

    private void label() {
        if (there.isEmpty()) {
            return;
        }
        String snapshot = List.copyOf(there.keySet()).get(random.nextInt(there.size()));
        Labels before = labels.getOrDefault(snapshot, Labels.NONE);
        List<String> words = switch (random.nextInt(4)) {
            case 0 -> List.of("unpin", snapshot);
            case 1 -> List.of("tag", snapshot, "--add", "audit");
            default -> List.of("pin", snapshot);
        };
        labels.put(
                snapshot,
                switch (words.getFirst()) {
                    case "unpin" -> Labels.of(false, before.tags());
                    case "tag" -> Labels.of(before.pinned(), Set.of("audit"));
                    default -> Labels.of(true, before.tags());
                });
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--vault", vault.uri().toString()));
        step(String.join(" ", words));
        Bench.Result result = bench.run(all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
    }

    private void forget(boolean breaksOff) {
        if (there.isEmpty()) {
            return;
        }
        KeepPolicy policy = policy();
        Set<String> expected = new TreeSet<>();
        for (String kinds : List.of(ALL, KEYS)) {
            PolicyOracle.expected(candidates(kinds), policy, SkippingTime.CLOCK.instant())
                    .forEach(candidate -> expected.add(candidate.snapshot().value()));
        }
        endOfChain().ifPresent(expected::add);
        CHANGES_LEFT.set(breaksOff ? random.nextInt(6) : Integer.MAX_VALUE);
        ANSWER_LOST.set(random.nextBoolean());
        vault.requests().reset();
        Bench.Result result = bench.run(options(policy));
        boolean brokeOff = CHANGES_LEFT.getAndSet(Integer.MAX_VALUE) < 0;
        step("forget " + (brokeOff ? "that broke off " : "") + policy + " of " + there.keySet() + " keeps " + expected);
        assertThat(result.exitCode() == 0)
                .as(result.out() + result.err() + steps)
                .isNotEqualTo(brokeOff);
        assertThat(vault.requests().total()).as("requests to the vault" + steps).isZero();
        Set<String> now = snapshotsInTheStore();
        if (brokeOff) {
            told.merge("cut off", 1L, Long::sum);
            assertThat(now).as(steps).containsAll(expected).isSubsetOf(there.keySet());
            verify();
        } else {
            assertThat(now).as(result.out() + steps).isEqualTo(expected);
            checkNothingIsLeftOver();
        }
        there.keySet().retainAll(now);
        labels.keySet().retainAll(now);
        if (brokeOff && random.nextBoolean()) {
            forget(false); // goes on, by whatever policy
        }
    }

    private List<Candidate> candidates(String kinds) {
        return there.entrySet().stream()
                .filter(night -> night.getValue().kinds().equals(kinds))
                .map(night -> new Candidate(
                        new SnapshotId(night.getKey()),
                        night.getValue().scheduledFor(),
                        night.getValue().complete(),
                        labels.getOrDefault(night.getKey(), Labels.NONE)))
                .toList();
    }

    private KeepPolicy policy() {
        int[] numbers = new int[6];
        boolean within = random.nextInt(3) == 0;
        for (int rule = random.nextInt(3) + (within ? 0 : 1); rule > 0; rule--) {
            numbers[random.nextInt(numbers.length)] = 1 + random.nextInt(3);
        }
        return new KeepPolicy(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                within ? KeepWithin.parse(LENGTHS.get(random.nextInt(LENGTHS.size()))) : null,
                new TreeSet<>(random.nextInt(3) == 0 ? Set.of("audit") : Set.of()),
                ZoneId.of(random.nextBoolean() ? "Europe/Berlin" : "UTC"));
    }

    private String[] options(KeepPolicy policy) {
        List<String> options = new ArrayList<>(List.of(
                "forget",
                "--json",
                "--vault",
                vault.uri().toString(),
                "--zone",
                policy.zone().getId()));
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("--keep-last", policy.last());
        numbers.put("--keep-hourly", policy.hourly());
        numbers.put("--keep-daily", policy.daily());
        numbers.put("--keep-weekly", policy.weekly());
        numbers.put("--keep-monthly", policy.monthly());
        numbers.put("--keep-yearly", policy.yearly());
        numbers.forEach((option, number) -> {
            if (number > 0) {
                options.addAll(List.of(option, String.valueOf(number)));
            }
        });
        if (policy.within() != null) {
            options.addAll(List.of("--keep-within", policy.within().toString()));
        }
        policy.tags().forEach(tag -> options.addAll(List.of("--keep-tag", tag)));
        return options.toArray(String[]::new);
    }

    // What has to hold

    private Set<String> snapshotsInTheStore() {
        return manifests().keySet();
    }

    private Map<String, byte[]> blobs() {
        if (container == null) {
            return bench.blobs();
        }
        BlobContainerClient client = Azurite.shared().client(container.name());
        Map<String, byte[]> blobs = new TreeMap<>();
        client.listBlobs()
                .forEach(blob -> blobs.put(
                        blob.getName(),
                        client.getBlobClient(blob.getName()).downloadContent().toBytes()));
        return blobs;
    }

    private Map<String, JsonNode> manifests() {
        return manifests(blobs());
    }

    /** The manifests that count, by snapshot. */
    private static Map<String, JsonNode> manifests(Map<String, byte[]> blobs) {
        Map<String, JsonNode> manifests = new TreeMap<>();
        blobs.forEach((name, bytes) -> {
            if (name.contains("/manifests/") && name.endsWith(".json")) {
                JsonNode manifest = JSON.readTree(bytes);
                manifests.merge(
                        manifest.path("snapshot").asString(),
                        manifest,
                        (one, other) -> one.path("execution").asInt()
                                        > other.path("execution").asInt()
                                ? one
                                : other);
            }
        });
        return manifests;
    }

    private Optional<String> endOfChain() {
        return manifests().entrySet().stream()
                .max(Comparator.comparingLong(manifest ->
                        manifest.getValue().path("chain").path("number").asLong()))
                .map(Map.Entry::getKey);
    }

    private void checkEverySnapshot() {
        Map<String, byte[]> blobs = blobs();
        Map<String, JsonNode> manifests = manifests(blobs);
        assertThat(manifests.keySet()).as(steps).isEqualTo(there.keySet());
        manifests.forEach((snapshot, manifest) -> {
            Night night = Objects.requireNonNull(there.get(snapshot));
            int copies = 0;
            for (JsonNode object : manifest.path("objects")) {
                if (object.has("blob")) {
                    copies++;
                    String id = object.path("kind").asString() + "/"
                            + object.path("name").asString();
                    byte[] blob = blobs.get(object.path("blob").asString());
                    assertThat(blob)
                            .as("copy of %s in %s%s", id, snapshot, steps)
                            .isNotNull();
                    long revision =
                            vault.openBackup(Objects.requireNonNull(blob)).revision();
                    assertThat(revision)
                            .as("copy of %s in %s%s", id, snapshot, steps)
                            .isEqualTo(night.revisions().get(id));
                }
            }
            assertThat(copies)
                    .as(snapshot + steps)
                    .isEqualTo(night.revisions().size() - (night.complete() ? 0 : failed(manifest)));
        });
        told.merge("looked", (long) manifests.size(), Long::sum);
    }

    /** Of what is forgotten nothing is there that no manifest refers to. */
    private void checkNothingIsLeftOver() {
        Map<String, byte[]> blobs = blobs();
        Set<String> needed = new TreeSet<>();
        Map<String, Integer> forgotten = new TreeMap<>();
        blobs.forEach((name, bytes) -> {
            if (SnapshotNames.isManifest(name)) {
                JSON.readTree(bytes)
                        .path("objects")
                        .forEach(object -> needed.add(object.path("blob").asString("")));
            } else if (SnapshotNames.isTombstone(name)) {
                forgotten.merge(
                        JSON.readTree(bytes).path("snapshot").asString(), SnapshotNames.executionOf(name), Math::max);
            }
        });
        assertThat(blobs.keySet())
                .as("copies" + steps)
                .filteredOn(name -> SnapshotNames.snapshotOfCopy(name)
                        .filter(id -> SnapshotNames.executionOf(name) <= forgotten.getOrDefault(id.value(), 0))
                        .isPresent())
                .isSubsetOf(needed);
        told.merge("forgotten", (long) forgotten.size(), Long::sum);
    }

    private static int failed(JsonNode manifest) {
        return (int) manifest.path("objects")
                .valueStream()
                .filter(object -> object.path("outcome").asString().equals("FAILED"))
                .count();
    }

    private void restoreWhatIsThere() {
        Collection<String> complete = there.entrySet().stream()
                .filter(night -> night.getValue().complete())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
        complete.forEach(snapshot -> {
            EmulatedVault target = emulator.vault(VaultSettings.of(
                            "into" + snapshot.toLowerCase(Locale.ROOT).replace("-", "") + random.nextInt(1_000_000))
                    .withClock(SkippingTime.CLOCK));
            Night night = Objects.requireNonNull(there.get(snapshot));
            List<String> arguments = new ArrayList<>(List.of(
                    "restore",
                    "--from",
                    vault.uri().toString(),
                    "--snapshot",
                    snapshot,
                    "--to",
                    target.uri().toString(),
                    "--yes"));
            if (!night.kinds().equals(ALL)) {
                arguments.addAll(List.of("--kind", night.kinds()));
            }
            Bench.Result result = bench.run(arguments.toArray(String[]::new));
            assertThat(result.exitCode())
                    .as(result.out() + result.err() + steps)
                    .isZero();
            long restored = target.objects().stream()
                    .filter(object -> !object.managed())
                    .count();
            assertThat(restored).as(steps).isEqualTo(night.revisions().size());
            told.merge("restored", 1L, Long::sum);
        });
    }

    private void verify(String... more) {
        Bench.Result verified = bench.run(
                Stream.concat(Stream.of("verify", "--vault", vault.uri().toString()), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(verified.exitCode())
                .as(verified.out() + verified.err() + steps)
                .isIn(0, there.isEmpty() ? 10 : 0);
    }
}
