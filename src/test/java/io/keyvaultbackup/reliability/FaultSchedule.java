package io.keyvaultbackup.reliability;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.TokenEndpoint;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** A vault and all that goes wrong with its run, both from one seed. */
final class FaultSchedule {

    /** How long the client waits for an answer; far above what a busy machine needs for one. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(4);

    private static final Duration TOO_LATE = RESPONSE_TIMEOUT.plusMillis(500);
    private static final Duration SHORT_TOKEN = Duration.ofSeconds(2);

    /** For a renewal, after which a call is still answered in time. */
    private static final Duration QUICKLY_ENOUGH = Duration.ofSeconds(2);

    private static final List<Misfortune> EVERYWHERE = List.of(
            Misfortune.THROTTLING,
            Misfortune.THROTTLING,
            Misfortune.THROTTLING,
            Misfortune.ERROR,
            Misfortune.ERROR,
            Misfortune.ERROR,
            Misfortune.REFUSAL,
            Misfortune.REFUSAL,
            Misfortune.RESET,
            Misfortune.RESET,
            Misfortune.ANSWER_LOST,
            Misfortune.ANSWER_LOST,
            Misfortune.ANSWER_TRUNCATED,
            Misfortune.ANSWER_TRUNCATED,
            Misfortune.GARBAGE,
            Misfortune.GARBAGE,
            Misfortune.WRONG_JSON,
            Misfortune.SLOW_ANSWER,
            Misfortune.SLOW_ANSWER,
            Misfortune.TOKENS_REVOKED,
            Misfortune.TOKEN_BROKEN_OFF,
            Misfortune.OBJECT_DELETED,
            Misfortune.STOPPED);

    /** An H2 file has no connections that could drop. */
    private static final List<Misfortune> IN_POSTGRESQL = List.of(
            Misfortune.DATABASE_DROPPED,
            Misfortune.DATABASE_DROPPED,
            Misfortune.DATABASE_DROPPED,
            Misfortune.DATABASE_DROPPED);

    private static final List<Misfortune> IN_A_DIRECTORY =
            List.of(Misfortune.NAME_TAKEN, Misfortune.DIRECTORY_BLOCKED, Misfortune.LEFTOVERS);

    private static final List<Misfortune> IN_BLOB_STORAGE = List.of(
            Misfortune.STORE_UNAVAILABLE,
            Misfortune.STORE_UNAVAILABLE,
            Misfortune.STORE_UNAVAILABLE,
            Misfortune.STORE_REFUSES,
            Misfortune.STORE_REFUSES,
            Misfortune.STORE_ANSWER_LOST,
            Misfortune.STORE_ANSWER_LOST,
            Misfortune.STORE_SILENT,
            Misfortune.STORE_UNLISTED,
            Misfortune.LEASE_UNAVAILABLE,
            Misfortune.LEASE_UNAVAILABLE,
            Misfortune.LEASE_REFUSED,
            Misfortune.LEASE_REFUSED,
            Misfortune.LEASE_ANSWER_LOST,
            Misfortune.LEASE_RESET,
            Misfortune.LEASE_SILENT,
            Misfortune.LEASE_LOST);

    /** What the program asks of Blob Storage, and where a vault's name is in it. */
    private enum Request {
        PUT("PUT", "/%s/%s/"),
        HEAD("HEAD", "/%s/%s/"),
        GET("GET", "/%s/%s/"),
        LIST("GET", "?prefix=%2$s/");

        private final String method;
        private final String place;

        Request(String method, String place) {
            this.method = method;
            this.place = place;
        }
    }

    private static final List<Request> REQUESTS =
            List.of(Request.PUT, Request.PUT, Request.PUT, Request.HEAD, Request.GET, Request.LIST);

    /** What the program asks of a lease, which is a blob with a note in it; all of it before the first execution's first call, but for giving it back. */
    private enum LeaseRequest {
        ACQUIRE("PUT", "acquire"),
        READ("GET", ""),
        WRITE("PUT", ""),
        RENEW("PUT", "renew"),
        RELEASE("PUT", "release");

        private final String method;
        private final String action;

        LeaseRequest(String method, String action) {
            this.method = method;
            this.action = action;
        }
    }

    /** These take seconds in which nothing else happens, so few schedules have them. */
    private static final List<Misfortune> LONG = List.of(Misfortune.NO_ANSWER_IN_TIME, Misfortune.TOKENS_EXPIRED);

    private static final int ONE_OF_HAS_A_LONG_ONE = 20;

    /** What each group in a directory has once at least, besides what chance brings. */
    private static final List<Misfortune> SURE_IN_A_DIRECTORY = Stream.concat(
                    EVERYWHERE.stream().distinct(), IN_A_DIRECTORY.stream())
            .toList();

    /** Each sort once at least, and again those that have several variants, or need a backup call to be met. */
    private static final List<Misfortune> SURE_IN_BLOB_STORAGE = Stream.concat(
                    IN_BLOB_STORAGE.stream().distinct(),
                    Stream.of(
                            Misfortune.STORE_UNAVAILABLE,
                            Misfortune.STORE_REFUSES,
                            Misfortune.STORE_REFUSES,
                            Misfortune.STORE_REFUSES,
                            Misfortune.STORE_ANSWER_LOST,
                            Misfortune.STORE_SILENT,
                            Misfortune.STORE_SILENT,
                            Misfortune.LEASE_UNAVAILABLE,
                            Misfortune.LEASE_UNAVAILABLE,
                            Misfortune.LEASE_REFUSED,
                            Misfortune.LEASE_REFUSED,
                            Misfortune.LEASE_REFUSED,
                            Misfortune.LEASE_LOST,
                            Misfortune.LEASE_LOST))
            .toList();

    private final long seed;
    private final World world;
    private final EmulatedVault vault;
    private final Random random;
    private final List<RandomVault.Named> objects;
    private final List<Armed> armed = new ArrayList<>();
    private final AtomicLong leasesLeft = new AtomicLong();
    private final List<Path> blocked = new CopyOnWriteArrayList<>();

    /** What a schedule can do harm to, besides its vault. */
    interface World {

        Surroundings surroundings();

        Instant scheduledFor();

        TokenEndpoint tokens();

        /** The directory store. */
        Path directory();

        /** The way to Blob Storage. */
        FaultyWay way();

        String container();

        /** What the vault's execution, if there is one, may not survive has happened to its lease. */
        void shakeLease(FaultSchedule schedule);

        /** Ends all connections of the program to its database. */
        void dropDatabase();

        /** As Ctrl-C does. */
        void stop();
    }

    /**
     * A misfortune that is prepared.
     *
     * @param met how often it was met
     * @param onBackups whether it meets backup calls
     */
    private record Armed(Misfortune what, String text, LongSupplier met, boolean onBackups) {
        Armed(Misfortune what, String text, Fault fault, boolean onBackups) {
            this(what, text, fault::hits, onBackups);
        }
    }

    /** Where one is to be met: anywhere, or at the first of the calls that each run makes. */
    private enum Aim {
        ANYWHERE,
        AT_ONCE
    }

    private FaultSchedule(long seed, World world, EmulatedVault vault) {
        this.seed = seed;
        this.world = world;
        this.vault = vault;
        this.random = new Random(seed);
        this.objects = RandomVault.fill(vault, random);
    }

    /** Fills this empty vault; nothing goes wrong before it is {@linkplain #prepare prepared}. */
    static FaultSchedule of(long seed, World world, EmulatedVault vault) {
        return new FaultSchedule(seed, world, vault);
    }

    /** A day passes at the vault: about a third of it changes. */
    void change() {
        Random day = new Random(seed + 1);
        for (RandomVault.Named object : objects) {
            if (vault.object(object.kind(), object.name()).isPresent()) {
                switch (day.nextInt(9)) {
                    case 0 -> vault.rotate(object.kind(), object.name());
                    case 1 -> vault.tag(object.kind(), object.name(), Map.of("day", "2"));
                    case 2 -> vault.delete(object.kind(), object.name());
                    default -> {
                        // as it was
                    }
                }
            }
        }
        for (int number = 0; number < day.nextInt(3); number++) {
            vault.secret("added-on-day-2-" + number);
        }
    }

    long seed() {
        return seed;
    }

    EmulatedVault vault() {
        return vault;
    }

    /** In words, with how often each was met. What is done to the directory is met where it was done, and a blob is uploaded there after it. */
    List<String> misfortunes() {
        return armed.stream()
                .map(one -> one.what() + " " + one.text() + " (met " + one.met().getAsLong() + ")")
                .toList();
    }

    /** How often each was met. */
    Map<Misfortune, Long> met() {
        Map<Misfortune, Long> met = new EnumMap<>(Misfortune.class);
        armed.forEach(one -> met.merge(one.what(), one.met().getAsLong(), Long::sum));
        return met;
    }

    /** How often a misfortune of this cost met a backup call. */
    long metBackups(Misfortune.Cost cost) {
        return armed.stream()
                .filter(one -> one.what().cost() == cost && one.onBackups())
                .mapToLong(one -> one.met().getAsLong())
                .sum();
    }

    /** How often a lease may not have been given back though the program did what it can, so that it ends by itself. */
    long leasesLeft() {
        return leasesLeft.get();
    }

    /** Prepares what goes wrong. */
    void prepare() {
        List<Misfortune> possible = new ArrayList<>(EVERYWHERE);
        possible.addAll(
                world.surroundings().store() == Surroundings.Store.DIRECTORY ? IN_A_DIRECTORY : IN_BLOB_STORAGE);
        if (world.surroundings().database() == Surroundings.Database.POSTGRESQL) {
            possible.addAll(IN_POSTGRESQL);
        }
        sure().ifPresent(what -> prepare(what, Aim.AT_ONCE));
        int number = 1 + random.nextInt(6);
        for (int count = 0; count < number; count++) {
            prepare(possible.get(random.nextInt(possible.size())), Aim.ANYWHERE);
        }
        if (random.nextInt(ONE_OF_HAS_A_LONG_ONE) == 0) {
            prepare(LONG.get(random.nextInt(LONG.size())), Aim.ANYWHERE);
        }
    }

    /** What this schedule has by its place in its group, so that no sort is left to chance alone. */
    private Optional<Misfortune> sure() {
        Surroundings surroundings = world.surroundings();
        int place = Math.floorMod(seed, Surroundings.SCHEDULES);
        if (surroundings.store() == Surroundings.Store.BLOB_STORAGE) {
            return place < SURE_IN_BLOB_STORAGE.size()
                    ? Optional.of(SURE_IN_BLOB_STORAGE.get(place))
                    : Optional.empty();
        }
        List<Misfortune> sure = new ArrayList<>(SURE_IN_A_DIRECTORY);
        if (surroundings.database() == Surroundings.Database.POSTGRESQL) {
            sure.add(Misfortune.DATABASE_DROPPED);
        }
        if (surroundings.group() % 2 == 0) {
            sure.addAll(LONG);
            sure.addAll(LONG);
        }
        return place < sure.size() ? Optional.of(sure.get(place)) : Optional.empty();
    }

    private void prepare(Misfortune what, Aim aim) {
        switch (what) {
            case THROTTLING -> {
                Duration after = random.nextInt(3) == 0 ? null : Duration.ofSeconds(random.nextInt(20));
                aim(what, aim, "Retry-After " + after, 30, fault -> fault.throttle(after));
            }
            case ERROR -> error(aim);
            case REFUSAL -> refusal(aim);
            case RESET -> aim(what, aim, "", 8, Fault::reset);
            case ANSWER_LOST -> aim(what, aim, "", 8, Fault::loseAnswer);
            case ANSWER_TRUNCATED -> aim(what, aim, "", 8, Fault::truncate);
            case GARBAGE -> aim(what, aim, "", 8, Fault::garbage);
            case WRONG_JSON -> aim(what, aim, "", 8, Fault::wrongJson);
            case SLOW_ANSWER -> {
                Duration delay = Duration.ofMillis(1 + random.nextInt(30));
                aim(what, aim, delay.toString(), 10, fault -> fault.delay(delay));
            }
            case NO_ANSWER_IN_TIME -> aim(what, aim, TOO_LATE.toString(), 1, fault -> fault.delayAnswer(TOO_LATE));
            case TOKENS_REVOKED -> aim(what, aim, "", 2, fault -> fault.before(vault::revokeTokens));
            case TOKENS_EXPIRED -> tokensExpire(aim);
            case TOKEN_BROKEN_OFF -> tokenBreaksOff();
            case OBJECT_DELETED -> {
                RandomVault.Named doomed = anyObject();
                aim(what, aim, doomed.toString(), 1, fault -> fault.before(() -> delete(doomed)));
            }
            case STOPPED -> aim(what, aim, "", 1, fault -> fault.before(() -> world.stop()));
            case DATABASE_DROPPED -> aim(what, aim, "", 2, fault -> fault.before(() -> world.dropDatabase()));
            case STORE_UNAVAILABLE -> storeUnavailable(aim);
            case STORE_REFUSES -> storeRefuses(aim);
            case STORE_ANSWER_LOST -> onTheWay(what, aim, 3, new FaultyWay.Fault.AnswerLost());
            case STORE_SILENT -> onTheWay(what, aim, 1, new FaultyWay.Fault.Silence());
            case STORE_UNLISTED -> storeUnlisted();
            case LEASE_UNAVAILABLE -> leaseUnavailable(aim);
            case LEASE_REFUSED -> leaseRefused(aim);
            case LEASE_ANSWER_LOST -> atTheLease(what, aim, LeaseRequest.ACQUIRE, 3, new FaultyWay.Fault.AnswerLost());
            case LEASE_RESET -> atTheLease(what, aim, LeaseRequest.ACQUIRE, 6, new FaultyWay.Fault.Broken());
            case LEASE_SILENT -> atTheLease(what, aim, LeaseRequest.ACQUIRE, 1, new FaultyWay.Fault.Silence());
            case LEASE_LOST -> leaseIsLost(aim);
            case NAME_TAKEN -> nameIsTaken(aim);
            case DIRECTORY_BLOCKED -> directoryIsBlocked(aim);
            case LEFTOVERS -> leftoversAreThere(aim);
        }
    }

    private void error(Aim aim) {
        int status = List.of(500, 502, 503, 504, 408, 404).get(random.nextInt(6));
        // A 404 without the service's own code says nothing about the object: a gateway's.
        String code = status == 404 ? "Gateway" : "InternalServerError";
        aim(Misfortune.ERROR, aim, String.valueOf(status), 12, fault -> fault.answer(status, code, null, "a fault"));
    }

    private void refusal(Aim aim) {
        int status = List.of(400, 401, 403).get(random.nextInt(3));
        aim(
                Misfortune.REFUSAL,
                aim,
                String.valueOf(status),
                3,
                fault -> status == 403 ? fault.forbid("ForbiddenByRbac") : fault.answer(status));
    }

    /** From some call on tokens are short-lived, and a call takes longer than one lasts. */
    private void tokensExpire(Aim aim) {
        int skip = aim == Aim.AT_ONCE ? 0 : random.nextInt(4);
        Fault begin = vault.faults().on(Operation.BACKUP).skip(skip).times(1).before(() -> {
            world.tokens().lifetime(SHORT_TOKEN);
            vault.revokeTokens();
        });
        vault.faults().on(Operation.BACKUP).skip(skip + 2).times(1).delay(SHORT_TOKEN.plusMillis(100));
        armed.add(new Armed(Misfortune.TOKENS_EXPIRED, "skip " + skip, begin, true));
    }

    /** Tokens are asked for anew at the first listing, by whoever comes first. */
    private void tokenBreaksOff() {
        AtomicLong met = new AtomicLong();
        vault.faults().on(Operation.LIST).times(1).before(() -> {
            world.tokens().nextAnswer(TokenEndpoint.Fault.BREAKS_OFF, met::incrementAndGet);
            vault.revokeTokens();
        });
        armed.add(new Armed(Misfortune.TOKEN_BROKEN_OFF, "at the first listing", met::get, false));
    }

    private void delete(RandomVault.Named doomed) {
        if (vault.object(doomed.kind(), doomed.name()).isPresent()) {
            vault.delete(doomed.kind(), doomed.name());
        }
    }

    private interface Action {
        Fault begin(Fault fault);
    }

    /** At any of the operations of a backup, at any or one kind or object, some time later, some times. */
    private void aim(Misfortune what, Aim aim, String text, int mostTimes, Action action) {
        if (aim == Aim.AT_ONCE) {
            int times = 1 + random.nextInt(mostTimes);
            Fault fault = action.begin(vault.faults().on(Operation.BACKUP).times(times));
            armed.add(new Armed(what, text + " at the first " + times + " backups", fault, true));
            return;
        }
        Operation operation = List.of(
                        Operation.LIST, Operation.VERSIONS, Operation.BACKUP, Operation.BACKUP, Operation.BACKUP)
                .get(random.nextInt(5));
        RandomVault.Named object = anyObject();
        boolean one = operation != Operation.LIST && random.nextInt(3) == 0;
        boolean kind = !one && random.nextInt(3) == 0;
        int skip = one ? random.nextInt(2) : random.nextInt(10);
        int times = 1 + random.nextInt(mostTimes);
        Fault fault = one
                ? vault.faults().on(operation, object.kind(), object.name())
                : kind
                        ? vault.faults().on(operation, object.kind())
                        : vault.faults().on(operation);
        String at = one ? " of " + object : kind ? " of kind " + object.kind() : "";
        String description = text + " at " + operation + at + ", " + times + " times after " + skip;
        armed.add(new Armed(
                what, description, action.begin(fault.skip(skip).times(times)), operation == Operation.BACKUP));
    }

    private RandomVault.Named anyObject() {
        return objects.get(random.nextInt(objects.size()));
    }

    // Blob Storage

    /** Which of the sure ones of its sort this is in its group. */
    private int turn() {
        int place = Math.floorMod(seed, Surroundings.SCHEDULES);
        List<Misfortune> before = SURE_IN_BLOB_STORAGE.subList(0, place);
        return Collections.frequency(before, SURE_IN_BLOB_STORAGE.get(place));
    }

    private void storeUnavailable(Aim aim) {
        boolean busy = aim == Aim.AT_ONCE ? turn() % 2 == 0 : random.nextBoolean();
        FaultyWay.Fault refusal = new FaultyWay.Fault.Refusal(
                busy ? 503 : 500, busy ? "ServerBusy" : "InternalError", "a fault", Map.of());
        onTheWay(Misfortune.STORE_UNAVAILABLE, aim, 12, refusal);
    }

    private void storeRefuses(Aim aim) {
        FaultyWay.Fault refusal = switch (aim == Aim.AT_ONCE ? turn() % 4 : random.nextInt(4)) {
            case 0 -> new FaultyWay.Fault.Refusal(409, "BlobAlreadyExists", "a fault", Map.of());
            case 1 -> new FaultyWay.Fault.Refusal(412, "ConditionNotMet", "a fault", Map.of());
            case 2 -> new FaultyWay.Fault.Refusal(409, "BlobImmutableDueToPolicy", "a fault", Map.of());
            default -> new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "a fault", Map.of());
        };
        onTheWay(Misfortune.STORE_REFUSES, aim, 3, refusal);
    }

    /** From some call at the vault on, or from before the first launch, what is asked of this vault's blobs meets the fault. */
    private void onTheWay(Misfortune what, Aim aim, int most, FaultyWay.Fault fault) {
        Request request = aim == Aim.AT_ONCE ? Request.PUT : REQUESTS.get(random.nextInt(REQUESTS.size()));
        int times = 1 + random.nextInt(most);
        When when = aim == Aim.AT_ONCE ? new When(false, 0) : anyTime();
        String place = request.place.formatted(world.container(), folder());
        AtomicLong met = new AtomicLong();
        on(when, () -> {
            for (int time = 0; time < times; time++) {
                world.way().next(request.method, place, fault, met::incrementAndGet);
            }
        });
        String text = fault + " at " + request + ", " + times + " times " + when;
        armed.add(new Armed(what, text, met::get, true));
    }

    /** Before the first launch, or at a backup call after so many. */
    private record When(boolean early, int skip) {
        @Override
        public String toString() {
            return early ? "from the start" : "after " + skip + " backups";
        }
    }

    private When anyTime() {
        int skip = random.nextInt(8);
        return new When(random.nextInt(4) == 0, skip);
    }

    private void on(When when, Runnable arm) {
        if (when.early()) {
            arm.run();
        } else {
            vault.faults().on(Operation.BACKUP).skip(when.skip()).times(1).before(arm);
        }
    }

    private void storeUnlisted() {
        FaultyWay.Fault fault = switch (random.nextInt(3)) {
            case 0 -> new FaultyWay.Fault.Refusal(503, "ServerBusy", "a fault", Map.of());
            case 1 -> new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "a fault", Map.of());
            default -> new FaultyWay.Fault.Broken();
        };
        int times = 1 + random.nextInt(8);
        String place = Request.LIST.place.formatted(world.container(), folder());
        AtomicLong met = new AtomicLong();
        for (int time = 0; time < times; time++) {
            world.way().next(Request.LIST.method, place, fault, met::incrementAndGet);
        }
        armed.add(new Armed(Misfortune.STORE_UNLISTED, fault + ", the first " + times + " times", met::get, false));
    }

    // Its leases

    private void leaseUnavailable(Aim aim) {
        int variant = aim == Aim.AT_ONCE ? turn() % 3 : random.nextInt(3);
        int status = List.of(503, 500, 429).get(variant);
        FaultyWay.Fault refusal = new FaultyWay.Fault.Refusal(status, "ServerBusy", "a fault", Map.of());
        atTheLease(
                Misfortune.LEASE_UNAVAILABLE,
                aim,
                List.of(LeaseRequest.ACQUIRE, LeaseRequest.WRITE, LeaseRequest.RENEW)
                        .get(variant),
                10,
                refusal);
    }

    private void leaseRefused(Aim aim) {
        int variant = aim == Aim.AT_ONCE ? turn() % 4 : random.nextInt(4);
        FaultyWay.Fault refusal = switch (variant) {
            case 0 -> new FaultyWay.Fault.Refusal(409, "LeaseAlreadyPresent", "a fault", Map.of());
            case 1 -> new FaultyWay.Fault.Refusal(412, "LeaseIdMismatchWithBlobOperation", "a fault", Map.of());
            case 2 -> new FaultyWay.Fault.Refusal(409, "LeaseIdMismatchWithLeaseOperation", "a fault", Map.of());
            default -> new FaultyWay.Fault.Refusal(412, "ConditionNotMet", "a fault", Map.of());
        };
        atTheLease(
                Misfortune.LEASE_REFUSED,
                aim,
                List.of(LeaseRequest.ACQUIRE, LeaseRequest.WRITE, LeaseRequest.RENEW, LeaseRequest.READ)
                        .get(variant),
                2,
                refusal);
    }

    /** At the first of these requests; or at one of any sort, from before the first launch or from some call at the vault on. */
    private void atTheLease(Misfortune what, Aim aim, LeaseRequest first, int most, FaultyWay.Fault fault) {
        LeaseRequest[] all = LeaseRequest.values();
        LeaseRequest request = aim == Aim.AT_ONCE ? first : all[random.nextInt(all.length)];
        int times = 1 + random.nextInt(most);
        When when = aim == Aim.AT_ONCE ? new When(true, 0) : anyTime();
        AtomicLong met = new AtomicLong();
        on(when, () -> {
            for (int time = 0; time < times; time++) {
                atTheNext(request, fault, met::incrementAndGet);
            }
        });
        armed.add(new Armed(what, fault + " at " + request + ", " + times + " times " + when, met::get, false));
    }

    private void atTheNext(LeaseRequest request, FaultyWay.Fault fault, Runnable met) {
        String blob = "/" + world.container() + "-leases/" + folder();
        world.way().nextOfLease(request.method, request.action, blob, fault, () -> {
            met.run();
            switch (request) {
                case RENEW -> world.shakeLease(this);
                case RELEASE -> leasesLeft.incrementAndGet();
                case ACQUIRE -> {
                    if (fault instanceof FaultyWay.Fault.AnswerLost) {
                        leasesLeft.incrementAndGet();
                    }
                }
                case READ, WRITE -> {
                    // whoever could not do that gives it back
                }
            }
        });
    }

    /** The call waits for the renewal, as the execution would be over before. */
    private void leaseIsLost(Aim aim) {
        int skip = aim == Aim.AT_ONCE ? 0 : random.nextInt(8);
        FaultyWay.Fault refusal =
                new FaultyWay.Fault.Refusal(409, "LeaseIdMismatchWithLeaseOperation", "a fault", Map.of());
        AtomicLong met = new AtomicLong();
        vault.faults().on(Operation.BACKUP).skip(skip).times(1).before(() -> {
            CountDownLatch refused = new CountDownLatch(1);
            atTheNext(LeaseRequest.RENEW, refusal, () -> {
                met.incrementAndGet();
                refused.countDown();
            });
            awaitForAWhile(refused);
        });
        armed.add(new Armed(Misfortune.LEASE_LOST, "after " + skip + " backups", met::get, false));
    }

    private static void awaitForAWhile(CountDownLatch latch) {
        try {
            var _ = latch.await(QUICKLY_ENOUGH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // The directory

    String folder() {
        return vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    private Path snapshot() {
        SnapshotId id = SnapshotId.of(VaultAddress.parse(vault.uri().toString()), world.scheduledFor());
        return world.directory().resolve(folder()).resolve(id.value());
    }

    private interface Harm {

        /** Whether anything was done that this object's upload meets. */
        boolean isDoneTo(RandomVault.Named object);
    }

    /** Does harm once, at the first backup call whose upload then meets it. */
    private LongSupplier atTheFirstBackup(Harm harm) {
        AtomicLong done = new AtomicLong();
        for (RandomVault.Named object : objects) {
            vault.faults()
                    .on(Operation.BACKUP, object.kind(), object.name())
                    .times(1)
                    .before(() -> {
                        synchronized (done) {
                            if (done.get() == 0 && harm.isDoneTo(object)) {
                                done.incrementAndGet();
                            }
                        }
                    });
        }
        return done::get;
    }

    private void nameIsTaken(Aim aim) {
        if (aim == Aim.AT_ONCE) {
            armed.add(new Armed(Misfortune.NAME_TAKEN, "at the first backup", atTheFirstBackup(this::takeNames), true));
            return;
        }
        RandomVault.Named wanted = anyObject();
        AtomicLong met = new AtomicLong();
        vault.faults()
                .on(Operation.BACKUP, wanted.kind(), wanted.name())
                .times(1)
                .before(() -> {
                    if (takeNames(wanted)) {
                        met.incrementAndGet();
                    }
                });
        armed.add(new Armed(Misfortune.NAME_TAKEN, wanted.toString(), met::get, true));
    }

    private void directoryIsBlocked(Aim aim) {
        if (aim == Aim.AT_ONCE) {
            LongSupplier met = atTheFirstBackup(object -> block(object.kind()).isPresent());
            armed.add(new Armed(Misfortune.DIRECTORY_BLOCKED, "at the first backup", met, false));
            return;
        }
        String kind = anyObject().kind();
        AtomicLong met = new AtomicLong();
        vault.faults()
                .on(Operation.LIST)
                .times(1)
                .before(() -> block(kind)
                        .ifPresent(directory -> vault.faults()
                                .on(Operation.BACKUP, kind)
                                .times(1)
                                .before(() -> {
                                    if (blocked.contains(directory)) {
                                        met.incrementAndGet();
                                    }
                                })));
        armed.add(new Armed(Misfortune.DIRECTORY_BLOCKED, kind + " at the first listing", met::get, false));
    }

    private void leftoversAreThere(Aim aim) {
        if (aim == Aim.AT_ONCE) {
            armed.add(new Armed(Misfortune.LEFTOVERS, "at the first backup", atTheFirstBackup(this::leave), false));
            return;
        }
        RandomVault.Named object = anyObject();
        AtomicLong met = new AtomicLong();
        vault.faults().on(Operation.LIST).times(1).before(() -> {
            if (leave(object)) {
                vault.faults()
                        .on(Operation.BACKUP, object.kind(), object.name())
                        .times(1)
                        .before(met::incrementAndGet);
            }
        });
        armed.add(new Armed(Misfortune.LEFTOVERS, object + " at the first listing", met::get, false));
    }

    /** A file or a directory of somebody else's has the names that this object's next blobs would get; false if they are in use. */
    private boolean takeNames(RandomVault.Named object) {
        boolean taken = false;
        boolean asDirectory = object.name().length() % 2 == 0;
        for (int number = 1; number <= 2; number++) {
            Path blob = snapshot().resolve(object.kind()).resolve(object.name() + "." + number);
            if (Files.exists(blob) || Files.isRegularFile(snapshot().resolve(object.kind()))) {
                continue;
            }
            taken = true;
            if (asDirectory) {
                makeDirectory(blob);
                continue;
            }
            String sha256 = BlobCheck.sha256("not ours".getBytes(StandardCharsets.UTF_8));
            write(blob.resolveSibling(blob.getFileName() + ".meta"), "{\"sha256\":\"" + sha256 + "\"}");
            write(blob, "not ours");
        }
        return taken;
    }

    /** A file where the directory of this kind's blobs would be; nothing if that is there. */
    private Optional<Path> block(String kind) {
        Path directory = snapshot().resolve(kind);
        makeDirectory(snapshot());
        try {
            Files.createFile(directory);
        } catch (FileAlreadyExistsException thereFirst) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        blocked.add(directory);
        return Optional.of(directory);
    }

    /** False if this object has a blob of the first execution, or its kind no directory. */
    private boolean leave(RandomVault.Named object) {
        Path directory = snapshot().resolve(object.kind());
        Path sidecar = directory.resolve(object.name() + ".1.meta");
        if (Files.isRegularFile(directory) || Files.exists(sidecar)) {
            return false;
        }
        write(directory.resolve(".00000000-0000-0000-0000-000000000000.tmp"), "{\"protec");
        write(sidecar, "{\"sha2");
        return true;
    }

    /** What was in the way is taken away, as an operator does before a relaunch. */
    void clearTheWay() {
        for (Path path : blocked) {
            try {
                Files.delete(path);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        blocked.clear();
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path file, String text) {
        Path directory = file.getParent();
        if (directory != null) {
            makeDirectory(directory);
        }
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
