package io.keyvaultbackup.emulator;

import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One emulated vault: its address for clients, its objects for tests, and what it was asked. */
public final class EmulatedVault {

    /** Old enough that nobody takes a seeded object for one that is just being changed. */
    private static final Duration SEED_AGE = Duration.ofHours(1);

    private final VaultSettings settings;
    private final URI uri;
    private final ObjectStore store;
    private final RateLimiter limiter;
    private final Gate gate;
    private final Backups backups;
    private final VaultApi api;
    private final Faults faults = new Faults();
    private final RequestLog requests;

    EmulatedVault(VaultSettings settings, int port, TokenEndpoint tokens) {
        this.settings = settings;
        this.uri = URI.create("https://localhost:" + port);
        this.store = new ObjectStore(settings.clock());
        this.limiter = new RateLimiter(settings.limit(), settings.clock());
        this.gate = new Gate(tokens, settings, limiter);
        this.backups = new Backups(settings, store);
        Bodies bodies = new Bodies(uri, settings.purgeProtection());
        this.api = new VaultApi(
                settings,
                store,
                bodies,
                new Listings(store, bodies, uri, settings.pageSize(), settings.listedBackwards()),
                backups);
        this.requests = new RequestLog(settings.clock());
    }

    public URI uri() {
        return uri;
    }

    public VaultSettings settings() {
        return settings;
    }

    /** Seeds a secret of one version, an hour old. */
    public SecretSeed secret(String name) {
        store.seed(StoredObject.made(Kind.SECRET, checked(name), Version.made(seedTime(), null, "abc")));
        return new SecretSeed(store, name);
    }

    /** Seeds a software RSA 2048 key of one version, an hour old. */
    public KeySeed key(String name) {
        store.seed(StoredObject.made(Kind.KEY, checked(name), Version.made(seedTime(), KeyType.RSA_2048, null)));
        return new KeySeed(store, name);
    }

    /** Seeds a certificate of one version, an hour old, with its key and its secret. */
    public CertificateSeed certificate(String name) {
        store.seed(
                StoredObject.made(Kind.CERTIFICATE, checked(name), Version.made(seedTime(), KeyType.RSA_2048, null)));
        return new CertificateSeed(store, name);
    }

    /** Seeds so many secrets, named by the prefix and a number of six digits from 0. */
    public void secrets(String prefix, int count) {
        for (int number = 0; number < count; number++) {
            secret("%s%06d".formatted(prefix, number));
        }
    }

    /** Makes an object that is not there, now, as a client would. */
    public void make(String kind, String name) {
        Kind made = Kind.ofWord(kind);
        store.addVersion(
                made,
                checked(name),
                made == Kind.SECRET
                        ? Version.made(store.now(), null, "made")
                        : Version.made(store.now(), KeyType.RSA_2048, null));
    }

    /** Gives an object a new version; a certificate's key and secret get it too. */
    public void rotate(String kind, String name) {
        StoredObject object = store.get(Kind.ofWord(kind), name);
        store.addVersion(object.kind(), object.name(), object.latest().renewed(store.now()));
    }

    /** Changes the latest version's tags. */
    public void tag(String kind, String name, Map<String, String> tags) {
        store.change(
                Kind.ofWord(kind),
                name,
                object -> object.mapLatest(version -> version.withTags(tags).updatedAt(store.now())));
    }

    /** Changes the content type of a secret's latest version. */
    public void contentType(String name, String contentType) {
        store.change(
                Kind.SECRET,
                name,
                object -> object.mapLatest(
                        version -> version.withContentType(contentType).updatedAt(store.now())));
    }

    /** Enables or disables the latest version. */
    public void enable(String kind, String name, boolean enabled) {
        store.change(
                Kind.ofWord(kind),
                name,
                object ->
                        object.mapLatest(version -> version.withEnabled(enabled).updatedAt(store.now())));
    }

    /** Soft delete. */
    public void delete(String kind, String name) {
        store.delete(Kind.ofWord(kind), name, settings.deletePause());
    }

    /** Also where purge protection refuses it to clients: as if the time had come. */
    public void purge(String kind, String name) {
        store.purge(Kind.ofWord(kind), name, settings.purgePause());
    }

    public void recover(String kind, String name) {
        store.recover(Kind.ofWord(kind), name, settings.recoverPause());
    }

    /**
     * Refuses every token of until now with a claims challenge, as the service does when access changed (CAE). Only here: the SDK
     * shares its tokens among all clients of a process, and other vaults still take them.
     */
    public void revokeTokens() {
        gate.revokeTokens();
    }

    /** Every state that the object has had, the oldest first; also of what is deleted or purged. */
    public List<HistoryEntry> history(String kind, String name) {
        return store.history(Kind.ofWord(kind), name);
    }

    /**
     * What a backup blob holds, as the service would read it.
     *
     * @throws IllegalArgumentException if this vault could not restore it: no backup, damaged, or of another subscription or geography
     */
    public BackupContent openBackup(byte[] blob) {
        try {
            return backups.content(blob);
        } catch (ServiceException refused) {
            throw new IllegalArgumentException(refused.error().message(), refused);
        }
    }

    /** The public part of the latest version of an elliptic key that the vault made. */
    public PublicKey publicKey(String name) {
        return Signing.pair(store.get(Kind.KEY, name).latest()).getPublic();
    }

    /** Everything that is not deleted, by kind and name. */
    public List<EmulatedObject> objects() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> store.live(kind).values().stream())
                .map(EmulatedObject::of)
                .toList();
    }

    /** The object of that name, unless it is deleted. */
    public Optional<EmulatedObject> object(String kind, String name) {
        StoredObject object = store.find(Kind.ofWord(kind), name);
        return object == null ? Optional.empty() : Optional.of(EmulatedObject.of(object));
    }

    public Faults faults() {
        return faults;
    }

    public RequestLog requests() {
        return requests;
    }

    public RateLimiter limit() {
        return limiter;
    }

    Gate gate() {
        return gate;
    }

    ObjectStore store() {
        return store;
    }

    VaultApi api() {
        return api;
    }

    Duration latencyOf(ApiRequest request) {
        if (request.operation() != Operation.BACKUP) {
            return settings.latency();
        }
        StoredObject object = store.find(request.requiredKind(), request.name());
        if (object == null) {
            return settings.latency();
        }
        Duration latency = settings.latency()
                .plus(settings.perVersionLatency()
                        .multipliedBy(object.versions().size()));
        return backups.isOverLimit(object) ? latency.plus(settings.versionLimitPause()) : latency;
    }

    private Instant seedTime() {
        return store.now().minus(SEED_AGE);
    }

    private static String checked(String name) {
        if (!Router.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name: 1 to 127 of 0-9, a-z, A-Z and -");
        }
        return name;
    }
}
