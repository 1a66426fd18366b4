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
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.SigningKeys;
import io.keyvaultbackup.vault.VaultAddress;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Year;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
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
 * Random sequences of changes at the vault, nights that go well, fail in part, are stopped or crash, and are relaunched at once, after a forget, or never; labels, forgets that go
 * well or crash, on machines whose clock is right or wrong, and beside a night; lost databases, and
 * time that passes: each sequence begins a while before a leap day, or before clocks are changed where its policies' days are counted, and has nights on both sides.
 * After each step every snapshot that is there is held, copy by copy, against what the vault
 * was then, each complete one is restored into an empty vault, and nothing may be gone that the policies so far would have kept. Most are in a directory, some, and shorter ones, in
 * Azurite; half of them are signed.
 * {@code ./mvnw test -Dtest=RetentionModelTest [-Dretention.model.seed=N -Dretention.model.place=AZURITE] [-Dretention.model.sequences=50]}.
 */
class RetentionModelTest extends EmulatedVaultTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ALL = "all";
    private static final String KEYS = "key";
    private static final int INTERRUPTED = 130;
    private static final int INCOMPLETE = 3;
    private static final Duration UNMISTAKABLE = Duration.ofMinutes(1);

    private static final int HELD = 11;

    /** A lease's, and a little: nobody gives back what a process had that has died. */
    private static final Duration LEASE = Duration.ofSeconds(61);

    /** Where clocks are changed in different ways: in both halves of the year, by half an hour, at midnight. */
    private static final List<String> ZONES =
            List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago");

    /** By how much the clock of a machine that forgets is wrong: seconds to weeks, and no multiple of any pause. */
    private static final List<Duration> WRONG_BY = List.of(
            Duration.ofSeconds(97),
            Duration.ofSeconds(1033),
            Duration.ofSeconds(11_003),
            Duration.ofSeconds(95_003),
            Duration.ofSeconds(700_001),
            Duration.ofSeconds(3_500_003));

    private static final List<Duration> PAUSES = List.of(
            Duration.ofMinutes(20),
            Duration.ofHours(1),
            Duration.ofHours(7),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(9),
            Duration.ofDays(40));

    private static final int SMALL_PAUSES = 6;

    private static final List<String> LENGTHS = List.of("5h", "2d", "9d12h", "1m", "1m10d", "1y");

    /** What a forget, or a night that crashes, may still put and remove before it breaks off. */
    private static final AtomicInteger CHANGES_LEFT = new AtomicInteger(Integer.MAX_VALUE);

    /** Whether the last change is made, and nobody hears of it. */
    private static final AtomicBoolean ANSWER_LOST = new AtomicBoolean();

    /** Whether what crashes leaves its lease behind. */
    private static final AtomicBoolean LEASE_LEFT = new AtomicBoolean();

    /** How far the clock of the next program is ahead. */
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

    /** How often each was crossed with nights on both sides, by all sequences. */
    private static final Map<Crossing, Integer> CROSSED = new EnumMap<>(Crossing.class);

    private static final Map<String, Long> IN_ALL = new TreeMap<>();

    /** What is surely crossed. */
    enum Crossing {
        CLOCKS_CHANGE,
        LEAP_DAY;

        /** Of a seed, so that it is all that need be known of a sequence. */
        static Crossing of(long seed) {
            return values()[Math.floorMod(seed, values().length)];
        }

        /** The next moment after this one; of a leap day its first. */
        Instant next(Instant after, ZoneId zone) {
            if (this == CLOCKS_CHANGE) {
                return Objects.requireNonNull(
                                zone.getRules().nextTransition(after), "clocks are changed there for good")
                        .getInstant();
            }
            Year year = Year.from(after.atZone(zone));
            while (!year.isLeap() || !leapDay(year, zone).isAfter(after)) {
                year = year.plusYears(1);
            }
            return leapDay(year, zone);
        }

        private static Instant leapDay(Year year, ZoneId zone) {
            return year.atMonth(2).atDay(29).atStartOfDay(zone).toInstant();
        }
    }

    /** The time of the vaults is the program's too, where its machine's clock is right. */
    @TestConfiguration(proxyBeanMethods = false)
    static class OneTime {
        @Bean
        @Primary
        InstantSource skippingInstants() {
            Duration ahead = AHEAD.get();
            return () -> SkippingTime.CLOCK.instant().plus(ahead);
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
                        case Leases leases -> perhapsLeft(leases);
                        default -> bean;
                    };
                }
            };
        }

        /** Who has died gives nothing back. */
        private static Leases perhapsLeft(Leases real) {
            return new Leases() {
                @Override
                public Lease acquire(String vault, String snapshot, String owner, int leastExecution) {
                    Lease lease = real.acquire(vault, snapshot, owner, leastExecution);
                    return (Lease) Proxy.newProxyInstance(
                            Lease.class.getClassLoader(), new Class<?>[] {Lease.class}, (proxy, method, arguments) -> {
                                boolean left =
                                        method.getName().equals("close") && CHANGES_LEFT.get() < 0 && LEASE_LEFT.get();
                                try {
                                    return left ? null : method.invoke(lease, arguments);
                                } catch (InvocationTargetException thrown) {
                                    throw thrown.getTargetException();
                                }
                            });
                }

                @Override
                public LeaseNote note(String vault) {
                    return real.note(vault);
                }
            };
        }

        private static <T> T breakingOff(Class<T> port, T real, String change) {
            return port.cast(Proxy.newProxyInstance(
                    port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                        int left = method.getName().startsWith(change) ? CHANGES_LEFT.decrementAndGet() : 0;
                        if (left < -1 || (left == -1 && !ANSWER_LOST.get())) {
                            throw new CrashingStore.Crash();
                        }
                        try {
                            @Nullable Object answer = method.invoke(real, arguments);
                            if (left == -1) {
                                throw new CrashingStore.Crash();
                            }
                            return answer instanceof BackupStore ofOneRun
                                    ? breakingOff(BackupStore.class, ofOneRun, change)
                                    : answer;
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
    private final NavigableSet<Instant> scheduled = new TreeSet<>();
    private final Map<String, Labels> labels = new TreeMap<>();
    private final Map<String, Long> told = new TreeMap<>();
    /** Nights that were not done, and wait for their relaunch. */
    private final List<Instant> unfinished = new ArrayList<>();

    /** When the lease ends that somebody had in a directory who has died: by a clock that is behind that is later. */
    private Instant leftUntil = Instant.MIN;

    private Random random = new Random(0);
    private Place place = Place.DIRECTORY;
    private ZoneId zone = ZoneId.of("UTC");
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
                .mapToObj(sequence -> Arguments.of(
                        seeds.longs()
                                .filter(seed ->
                                        Crossing.of(seed) == Crossing.values()[sequence % Crossing.values().length])
                                .findFirst()
                                .orElseThrow(),
                        sequence % 3 == 2 ? Place.AZURITE : Place.DIRECTORY));
    }

    @BeforeEach
    void useSkippingTime(TestInfo test) {
        vault = emulator.vault(
                VaultSettings.of("model" + Math.floorMod(test.getDisplayName().hashCode(), 1_000_000))
                        .withClock(SkippingTime.CLOCK));
        bench.with(SkippingTime.class).with(OneTime.class).with(StoreThatBreaksOff.class);
        CHANGES_LEFT.set(Integer.MAX_VALUE);
        LEASE_LEFT.set(false);
        AHEAD.set(Duration.ZERO);
    }

    @AfterAll
    static void leapDaysAndChangesOfClocksWereCrossed() {
        if (Long.getLong("retention.model.seed") == null && Integer.getInteger("retention.model.sequences", 4) > 1) {
            assertThat(CROSSED).containsOnlyKeys(Crossing.values());
        }
        System.out.println("RetentionModelTest in all: " + IN_ALL + ", crossed " + CROSSED);
    }

    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @ParameterizedTest(name = "-Dretention.model.seed={0} -Dretention.model.place={1}")
    @MethodSource("sequences")
    void whatIsKeptIsWholeAndNothingIsGoneThatAPolicyKeeps(long seed, Place place) {
        random = new Random(seed);
        this.place = place;
        zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
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
        Crossing crossing = Crossing.of(seed);
        Instant crossed =
                crossing.next(SkippingTime.CLOCK.instant().plus(Duration.ofDays(2 + random.nextInt(700))), zone);
        Duration before = Duration.ofMinutes(60 + random.nextInt(40 * 60));
        SkippingTime.skip(Duration.between(SkippingTime.CLOCK.instant(), crossed.minus(before)));
        steps = " (" + crossing + " in " + zone + " at " + crossed + ")";
        bench.set("keyvault-backup.refresh-days", random.nextBoolean() ? "7" : "0");
        vault.secrets("app", 4);
        vault.key("signing");
        vault.certificate("site");
        for (int step = 0; step < place.steps; step++) {
            steps += "\n  " + SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.MINUTES) + " ";
            if (step == 0 || step == place.steps / 2) {
                night(); // one on each side of what is crossed
            } else {
                takeAStep();
            }
            checkEverySnapshot();
            restoreWhatIsThere();
            pass(crossed, step);
        }
        assertThat(scheduled.first()).as(steps).isBefore(crossed);
        assertThat(scheduled.last()).as(steps).isAfter(crossed);
        CROSSED.merge(crossing, 1, Math::addExact);
        verify("--read-data");
        System.out.println("RetentionModelTest seed " + seed + " " + place + ": " + told);
        told.forEach((what, number) -> IN_ALL.merge(what, number, Long::sum));
    }

    private void takeAStep() {
        switch (random.nextInt(15)) {
            case 0 -> loseTheDatabase();
            case 1 -> label();
            case 2 -> failingNight();
            case 3, 4 -> nightThatBreaksOff();
            case 5, 6, 7, 8 -> forget(random.nextBoolean());
            case 9 -> nightOfKeys();
            case 10 -> forgetBesideANight();
            case 11 -> relaunchOne();
            default -> night();
        }
    }

    /** In small steps until what is to be crossed is, which is by the middle of the sequence. */
    private void pass(Instant crossed, int step) {
        boolean before = SkippingTime.CLOCK.instant().isBefore(crossed);
        SkippingTime.skip(PAUSES.get(random.nextInt(before ? SMALL_PAUSES : PAUSES.size())));
        Duration missing = Duration.between(SkippingTime.CLOCK.instant(), crossed);
        if (step == place.steps / 2 - 1 && !missing.isNegative()) {
            SkippingTime.skip(missing.plus(UNMISTAKABLE));
        }
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
        Instant time = schedule();
        vault.requests().reset();
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString());
        step("night " + id(time) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        note(time, result);
        checkCalls(result);
    }

    /** Every copy that was made is a call, and no object's versions were asked for but of those. */
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
        Instant time = schedule();
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString(), "--kind", KEYS);
        step("keys " + id(time) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        note(time, KEYS, result);
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
        Instant time = schedule();
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString());
        vault.faults().clear();
        step("failing night " + id(time) + " " + result.outcomes());
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isIn(3, 5);
        note(time, result);
        unfinished.add(time);
    }

    /** It is stopped, or crashes at a change of the store; and is relaunched, or left as it is. */
    private void nightThatBreaksOff() {
        changeTheVault();
        Instant time = schedule();
        if (tryThatBreaksOff("night", time)) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> relaunch(time);
            case 1, 2 -> {
                unfinished.add(time);
                SkippingTime.skip(PAUSES.get(random.nextInt(PAUSES.size())));
                forget(random.nextInt(3) == 0);
                relaunchOne();
            }
            default -> unfinished.add(time);
        }
    }

    /** Whether it came to its end all the same. */
    private boolean tryThatBreaksOff(String what, Instant time) {
        int executions = execution(time);
        boolean crashes = random.nextInt(3) > 0;
        if (crashes) {
            CHANGES_LEFT.set(random.nextInt(4));
            ANSWER_LOST.set(random.nextBoolean());
            LEASE_LEFT.set(place == Place.DIRECTORY); // a container's leases end by a time that does not skip
        } else {
            vault.faults().onAny().skip(random.nextInt(14)).times(1).before(bench.nextStop()::give);
        }
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString());
        boolean crashed = CHANGES_LEFT.getAndSet(Integer.MAX_VALUE) < 0;
        Instant left =
                crashed && LEASE_LEFT.get() ? SkippingTime.CLOCK.instant().plus(LEASE) : Instant.MIN;
        bench.nextStop();
        vault.faults().clear();
        step((crashed ? "crashed " : "broken ") + what + " " + id(time) + " " + result.exitCode());
        if (crashed) {
            assertThat(result.exitCode())
                    .as(result.out() + result.err() + steps)
                    .isNotZero();
            awaitTheEndOfTheLease();
        } else {
            LEASE_LEFT.set(false);
            assertThat(result.exitCode())
                    .as(result.out() + result.err() + steps)
                    .isIn(0, INTERRUPTED);
        }
        @Nullable JsonNode sealed = manifests().get(id(time));
        if (sealed != null && execution(time) > executions) {
            told.merge(crashed ? "sealed and crashed" : "sealed", 1L, Long::sum);
            note(time, sealed.path("complete").asBoolean(), ALL);
        }
        leftUntil = left;
        return result.exitCode() == 0;
    }

    private void awaitTheEndOfTheLease() {
        if (LEASE_LEFT.getAndSet(false)) {
            Bench.Result refused = bench.run(options(policy()));
            assertThat(refused.exitCode())
                    .as(refused.out() + refused.err() + steps)
                    .isEqualTo(HELD);
            SkippingTime.skip(LEASE);
        }
    }

    /** One that is left, if it was not forgotten. */
    private void relaunchOne() {
        unfinished.removeIf(night -> execution(night) > 0 && !there.containsKey(id(night)));
        if (!unfinished.isEmpty()) {
            relaunch(unfinished.remove(random.nextInt(unfinished.size())));
        }
    }

    /** It may break off again, and then goes on another time. */
    private void relaunch(Instant time) {
        changeTheVault();
        if (random.nextInt(3) == 0 && !tryThatBreaksOff("relaunch", time)) {
            unfinished.add(time);
            return;
        }
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString());
        step("relaunched " + id(time) + " " + result.outcomes());
        if (result.exitCode() == INCOMPLETE && told.containsKey("wrong clocks")) {
            told.merge("relaunched once more", 1L, Long::sum); // copies that were swept as old, by a clock weeks ahead
            note(time, result);
            result = bench.backUp(vault, "--scheduled-for", time.toString());
        }
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        if (result.summary().path("already_complete").asBoolean()) {
            told.merge("already complete", 1L, Long::sum); // it had crashed once its manifest was there
        } else {
            note(time, result);
        }
    }

    /** What is being backed up is not forgotten, and the night does not notice. */
    private void forgetBesideANight() {
        changeTheVault();
        Instant time = schedule();
        String[] forget = options(policy());
        AtomicReference<Bench.@Nullable Result> beside = new AtomicReference<>();
        vault.faults()
                .onAny()
                .skip(random.nextInt(6))
                .times(1)
                .before(() -> beside.compareAndSet(null, bench.run(forget)));
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time.toString());
        vault.faults().clear();
        step("beside night " + id(time) + " " + result.outcomes());
        Bench.Result refused = Objects.requireNonNull(beside.get(), "nothing was asked of the vault");
        assertThat(refused.exitCode()).as(refused.out() + refused.err() + steps).isEqualTo(HELD);
        assertThat(result.exitCode()).as(result.out() + result.err() + steps).isZero();
        note(time, result);
    }

    private Instant schedule() {
        Instant time = SkippingTime.CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
        scheduled.add(time);
        return time;
    }

    /** The one whose manifest counts, or was forgotten; 0 of a night without any. */
    private int execution(Instant time) {
        return blobs().keySet().stream()
                .filter(name -> SnapshotNames.isManifest(name) || SnapshotNames.isTombstone(name))
                .filter(name -> name.contains("/" + id(time) + "."))
                .mapToInt(SnapshotNames::executionOf)
                .max()
                .orElse(0);
    }

    private String id(Instant time) {
        return SnapshotId.of(VaultAddress.parse(vault.uri().toString()), time).value();
    }

    private void note(Instant time, Bench.Result result) {
        note(time, ALL, result);
    }

    private void note(Instant time, String kinds, Bench.Result result) {
        note(time, result.summary().path("status").asString().equals("COMPLETE"), kinds);
    }

    private void note(Instant time, boolean complete, String kinds) {
        Map<String, Long> revisions = new LinkedHashMap<>();
        for (EmulatedObject object : vault.objects()) {
            if (!object.managed() && (kinds.equals(ALL) || object.kind().equals(kinds))) {
                revisions.put(
                        object.kind() + "/" + object.name(),
                        vault.history(object.kind(), object.name()).getLast().revision());
            }
        }
        leftUntil = Instant.MIN;
        there.put(id(time), new Night(time, complete, kinds, revisions));
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
        Duration ahead = wrongClock();
        Instant now = SkippingTime.CLOCK.instant().plus(ahead);
        Set<String> expected = new TreeSet<>();
        for (String kinds : List.of(ALL, KEYS)) {
            PolicyOracle.expected(candidates(kinds), policy, now)
                    .forEach(candidate -> expected.add(candidate.snapshot().value()));
        }
        endOfChain().ifPresent(expected::add);
        CHANGES_LEFT.set(breaksOff ? random.nextInt(6) : Integer.MAX_VALUE);
        ANSWER_LOST.set(random.nextBoolean());
        // By a wrong clock a lease in a directory ends at a wrong time: docs/retention.md.
        LEASE_LEFT.set(place == Place.DIRECTORY && ahead.isZero());
        vault.requests().reset();
        AHEAD.set(ahead);
        Bench.Result result = bench.run(options(policy));
        AHEAD.set(Duration.ZERO);
        boolean brokeOff = CHANGES_LEFT.getAndSet(Integer.MAX_VALUE) < 0;
        if (now.isBefore(leftUntil)) {
            step("forget refused at a clock ahead by " + ahead);
            assertThat(result.exitCode())
                    .as(result.out() + result.err() + steps)
                    .isEqualTo(HELD);
            return;
        }
        leftUntil = brokeOff && LEASE_LEFT.get() ? SkippingTime.CLOCK.instant().plus(LEASE) : Instant.MIN;
        step("forget " + (brokeOff ? "that broke off " : "")
                + (ahead.isZero() ? "" : "at a clock ahead by " + ahead + " ") + policy + " of " + there.keySet()
                + " keeps " + expected);
        if (!ahead.isZero()) {
            told.merge("wrong clocks", 1L, Long::sum);
        }
        assertThat(result.exitCode() == 0)
                .as(result.out() + result.err() + steps)
                .isNotEqualTo(brokeOff);
        assertThat(vault.requests().total()).as("requests to the vault" + steps).isZero();
        Set<String> inTheStore = snapshotsInTheStore();
        if (brokeOff) {
            told.merge("cut off", 1L, Long::sum);
            awaitTheEndOfTheLease();
            assertThat(inTheStore).as(steps).containsAll(expected).isSubsetOf(there.keySet());
            verify();
        } else {
            assertThat(inTheStore).as(result.out() + steps).isEqualTo(expected);
            checkNothingIsLeftOver();
        }
        LEASE_LEFT.set(false);
        there.keySet().retainAll(inTheStore);
        labels.keySet().retainAll(inTheStore);
        if (brokeOff && random.nextBoolean()) {
            forget(false); // goes on, by whatever policy
        }
    }

    private Duration wrongClock() {
        Duration by = WRONG_BY.get(random.nextInt(WRONG_BY.size()));
        return switch (random.nextInt(4)) {
            case 0 -> by;
            case 1 -> by.negated();
            default -> Duration.ZERO;
        };
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
                random.nextInt(3) > 0 ? zone : ZoneId.of("UTC"));
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
            assertThat(target.objects().stream()
                            .filter(object -> !object.managed())
                            .map(object -> object.kind() + "/" + object.name()))
                    .as(steps)
                    .containsExactlyInAnyOrderElementsOf(night.revisions().keySet());
            emulator.remove(target);
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
