package io.keyvaultbackup.testservices;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keyvaultbackup.testservices.KeptVersions.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an account that keeps versions and has version-level immutability, neither of which Azurite knows. It is in front of the real
 * Azurite, which checks each signature and condition of a put and has the current bytes; what Azurite lacks is answered here, as the service's
 * documentation tells it, and never as this program would like it:
 *
 * <ul>
 *   <li><a href="https://learn.microsoft.com/azure/storage/blobs/versioning-overview">Blob versioning</a>: what a write and a delete leave behind,
 *       and which data action deletes what;
 *   <li><a href="https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies">version-level WORM</a>: a protected version
 *       cannot be deleted, an overwrite makes a new one, a locked policy is only extended;
 *   <li><a href="https://learn.microsoft.com/rest/api/storageservices/set-blob-immutability-policy">Set Blob Immutability Policy</a>, with dates in
 *       RFC 1123, none in the past;
 *   <li><a href="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory">the permissions for each operation</a>;
 *   <li>403 {@code OperationNotAllowedOnRootBlob} to the deletion of the current version by its id: as the service answered
 *       <a href="https://github.com/Azure/azure-sdk-for-java/pull/48716">the SDK's own tests</a>.
 * </ul>
 *
 * <p>Not documented, and so a guess: the codes of the refusals of a policy where the container does not support it, and of the shortening of a
 * locked one; whether policy headers on Put Blob need more than {@code add/action}, for which there is a switch.
 *
 * <p>One container; other containers of the account are passed on. Each identity has a port of its own. Safe for use by many threads.
 */
public final class ImmutableStorage implements AutoCloseable {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "upgrade", "expect", "transfer-encoding", "keep-alive");
    private static final String UNTIL = "x-ms-immutability-policy-until-date";
    private static final String MODE = "x-ms-immutability-policy-mode";
    private static final String HOLD = "x-ms-legal-hold";

    private final Azurite azurite;
    private final String container;
    private final InstantSource clock;
    private final KeptVersions kept;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    private volatile boolean versioning = true;
    private volatile boolean immutable = true;
    private volatile boolean softDelete;
    private volatile boolean anybodyReads;
    private volatile boolean policyNeedsMore;
    private volatile @Nullable Integer defaultDays;
    private volatile Function<Request, @Nullable Answer> refusal = request -> null;

    /**
     * A request that came, and its answer.
     *
     * @param query decoded
     */
    public record Request(String method, String blob, Map<String, String> query, int status) {}

    public ImmutableStorage(InstantSource clock) {
        this.azurite = Azurite.shared();
        this.container = azurite.newContainer().name();
        this.clock = clock;
        this.kept = new KeptVersions(clock);
    }

    /** An account without versioning, so without version-level immutability. */
    public ImmutableStorage withoutVersioning() {
        versioning = false;
        return withoutImmutability();
    }

    /** A container that was not enabled for version-level immutability. */
    public ImmutableStorage withoutImmutability() {
        immutable = false;
        return this;
    }

    /** An account with blob soft delete. */
    public ImmutableStorage withSoftDelete() {
        softDelete = true;
        return this;
    }

    /** A container with public access. */
    public ImmutableStorage lettingAnybodyRead() {
        anybodyReads = true;
        return this;
    }

    /** What if {@code add/action} were not enough for a policy that comes with Put Blob? */
    public ImmutableStorage wherePolicyNeedsMoreThanAdd() {
        policyNeedsMore = true;
        return this;
    }

    /** A default policy of the container: what is uploaded without one of its own has it, unlocked. */
    public ImmutableStorage withDefaultPolicy(int days) {
        defaultDays = days;
        return this;
    }

    /** Requests that are refused so, whatever their identity may do. */
    public ImmutableStorage refusing(int status, String code, Predicate<Request> which) {
        refusal = request -> which.test(request) ? error(status, code, "The stand-in was told to refuse this.") : null;
        return this;
    }

    public String container() {
        return container;
    }

    /** An identity that may do this and no more; a connection string of its own. */
    public String connectionString(StorageRight... rights) {
        EnumSet<StorageRight> all = EnumSet.noneOf(StorageRight.class);
        all.addAll(List.of(rights));
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> handle(exchange, all));
            server.start();
            synchronized (servers) {
                servers.add(server);
            }
            return Azurite.connectionString(URI.create("http://127.0.0.1:"
                    + server.getAddress().getPort() + azurite.accountUrl().getPath()));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot listen", failed);
        }
    }

    /** The SDK's client of such an identity, which tries nothing twice. */
    public BlobContainerClient client(StorageRight... rights) {
        return new BlobContainerClientBuilder()
                .httpClient(azurite.httpClient())
                .connectionString(connectionString(rights))
                .containerName(container)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, (Integer) null, null, null, null))
                .buildClient();
    }

    /** With all rights, to prepare and to look behind the back of what is tested. */
    public BlobContainerClient owner() {
        return client(StorageRight.values());
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Call(
            HttpExchange exchange,
            String method,
            String blob,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            Set<StorageRight> rights) {

        boolean may(StorageRight right) {
            return rights.contains(right);
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        Optional<String> versionId() {
            return Optional.ofNullable(query.get("versionid"));
        }

        boolean is(String method, @Nullable String comp) {
            return this.method.equals(method) && java.util.Objects.equals(comp, query.get("comp"));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int status, Map<String, String> headers, byte[] body) {}

    private static Answer error(int status, String code, String message) {
        String body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code + "</Code><Message>" + message
                + "\nRequestId:stand-in\nTime:2026-11-24T03:00:00Z</Message></Error>";
        Map<String, String> headers = new TreeMap<>();
        headers.put("x-ms-error-code", code);
        headers.put("x-ms-request-id", "stand-in");
        headers.put("Content-Type", "application/xml");
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer notPermitted() {
        return error(
                403,
                "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission.");
    }

    private static Answer notFound() {
        return error(404, "BlobNotFound", "The specified blob does not exist.");
    }

    private static final Answer OF_POLICY = error(
            409,
            "BlobImmutableDueToPolicy",
            "This operation is not permitted as the blob is immutable due to a policy.");

    private void handle(HttpExchange exchange, Set<StorageRight> rights) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String inAccount = path.substring(azurite.accountUrl().getPath().length());
            boolean ours = inAccount.equals("/" + container) || inAccount.startsWith("/" + container + "/");
            String blob = ours ? inAccount.substring(Math.min(inAccount.length(), container.length() + 2)) : "";
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            Call call = new Call(
                    exchange,
                    exchange.getRequestMethod(),
                    blob,
                    query(exchange.getRequestURI().getRawQuery()),
                    headers,
                    exchange.getRequestBody().readAllBytes(),
                    rights);
            @Nullable Answer refused = ours ? refusal.apply(new Request(call.method, call.blob, call.query, 0)) : null;
            Answer answer = refused != null ? refused : ours ? answer(call) : ofTheAccount(call, inAccount);
            if (ours) {
                requests.add(new Request(call.method, call.blob, call.query, answer.status));
            }
            send(exchange, answer);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer ofTheAccount(Call call, String inAccount) throws IOException, InterruptedException {
        boolean service = inAccount.isEmpty() || inAccount.equals("/");
        if (service && call.is("GET", "properties") && !call.may(StorageRight.READ_SERVICE)) {
            return notPermitted();
        }
        Answer answer = forward(call);
        if (service && call.is("GET", "properties") && answer.status == 200) {
            String retention = softDelete
                    ? "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>14</Days></DeleteRetentionPolicy>"
                    : "<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>";
            String body = new String(answer.body, StandardCharsets.UTF_8)
                    .replaceAll("(?s)<DeleteRetentionPolicy>.*</DeleteRetentionPolicy>", "")
                    .replace("</StorageServiceProperties>", retention + "</StorageServiceProperties>");
            return new Answer(answer.status, answer.headers, body.getBytes(StandardCharsets.UTF_8));
        }
        return answer;
    }

    private synchronized Answer answer(Call call) throws IOException, InterruptedException {
        if (call.blob.isEmpty()) {
            return ofTheContainer(call);
        }
        if (call.is("PUT", "immutabilityPolicies")) {
            return setPolicy(call);
        }
        if (call.is("DELETE", "immutabilityPolicies")) {
            return deletePolicy(call);
        }
        if (call.is("PUT", "legalhold")) {
            return setHold(call);
        }
        return switch (call.method) {
            case "PUT" -> call.query.containsKey("comp") ? forward(call) : put(call);
            case "DELETE" -> call.versionId().isPresent() ? deleteVersion(call) : deleteCurrent(call);
            case "GET", "HEAD" -> read(call);
            default -> forward(call);
        };
    }

    private Answer ofTheContainer(Call call) throws IOException, InterruptedException {
        if (call.is("GET", "list")) {
            if (!call.may(StorageRight.READ)) {
                return notPermitted();
            }
            Answer current = forward(call);
            return current.status != 200 || call.query.containsKey("delimiter")
                    ? current
                    : new Answer(
                            200, Map.of("Content-Type", "application/xml"), new VersionListing(kept, call.query).xml());
        }
        if (!call.may(StorageRight.READ_CONTAINER)) {
            return notPermitted();
        }
        Answer answer = forward(call);
        answer.headers.put("x-ms-immutable-storage-with-versioning-enabled", String.valueOf(immutable));
        answer.headers.put("x-ms-has-immutability-policy", String.valueOf(defaultDays != null));
        if (anybodyReads) {
            answer.headers.put("x-ms-blob-public-access", "container");
        }
        return answer;
    }

    private Answer put(Call call) throws IOException, InterruptedException {
        boolean exists = kept.current(call.blob).isPresent();
        if (!call.may(StorageRight.WRITE) && (exists || !call.may(StorageRight.ADD))) {
            return notPermitted();
        }
        boolean protects = call.headers.containsKey(UNTIL) || call.headers.containsKey(HOLD);
        if (protects && policyNeedsMore && !call.may(StorageRight.SET_POLICY)) {
            return notPermitted();
        }
        if (protects && !immutable) {
            return error(409, "BlobOperationNotSupported", "The operation is not supported in this scenario.");
        }
        @Nullable Instant until = call.header(UNTIL).map(ImmutableStorage::time).orElse(null);
        if (call.headers.containsKey(UNTIL) && (until == null || !until.isAfter(clock.instant()))) {
            return error(
                    400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.");
        }
        Answer answer = forward(call);
        if (answer.status == 201) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            call.headers.forEach((name, value) -> {
                if (name.toLowerCase(Locale.ROOT).startsWith("x-ms-meta-")) {
                    headers.put(name, value);
                }
            });
            headers.put("Content-Type", call.header("x-ms-blob-content-type").orElse("application/octet-stream"));
            for (String told : List.of("ETag", "Last-Modified")) {
                headers.put(told, answer.headers.getOrDefault(told.toLowerCase(Locale.ROOT), ""));
            }
            headers.put("x-ms-blob-type", "BlockBlob");
            Version version = kept.write(call.blob, call.body, headers, versioning);
            if (until != null) {
                version.until = until;
                version.mode = call.header(MODE).orElse("Unlocked");
            } else if (defaultDays != null) {
                version.until = clock.instant().plusSeconds(defaultDays * 86_400L);
                version.mode = "Unlocked";
            }
            version.legalHold = call.header(HOLD).map(Boolean::parseBoolean).orElse(false);
            if (version.id != null) {
                answer.headers.put("x-ms-version-id", version.id);
            }
        }
        return answer;
    }

    private Answer read(Call call) throws IOException, InterruptedException {
        if (!call.may(StorageRight.READ)) {
            return notPermitted();
        }
        Answer current = forward(call);
        if (current.status == 403) {
            return current;
        }
        Optional<Version> version = call.versionId().isPresent()
                ? kept.find(call.blob, call.versionId().get())
                : kept.current(call.blob);
        if (version.isEmpty()) {
            return call.versionId().isPresent() ? notFound() : current;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(version.get().headers);
        describe(version.get(), headers);
        if (call.versionId().isEmpty()) { // Azurite's own, and what it does not tell
            describe(version.get(), current.headers);
            return current;
        }
        return part(call, version.get().bytes, headers);
    }

    private static void describe(Version version, Map<String, String> headers) {
        if (version.id != null) {
            headers.put("x-ms-version-id", version.id);
            if (version.current) {
                headers.put("x-ms-is-current-version", "true");
            }
        }
        if (version.until != null) {
            headers.put(UNTIL, text(version.until));
            headers.put(MODE, String.valueOf(version.mode).toLowerCase(Locale.ROOT));
        }
        if (version.legalHold) {
            headers.put(HOLD, "true");
        }
    }

    private static Answer part(Call call, byte[] bytes, Map<String, String> headers) {
        String range = call.header("x-ms-range").or(() -> call.header("Range")).orElse("");
        int from = 0;
        int to = bytes.length;
        if (range.startsWith("bytes=")) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            from = Integer.parseInt(ends[0]);
            to = ends[1].isEmpty() ? to : (int) Math.min(to, Long.parseLong(ends[1]) + 1);
        }
        if (from > 0 && from >= bytes.length) {
            return error(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
        }
        headers.put("Content-Length", String.valueOf(to - from));
        if (!range.isEmpty() && bytes.length > 0) {
            headers.put("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
            return new Answer(206, headers, java.util.Arrays.copyOfRange(bytes, from, to));
        }
        return new Answer(200, headers, bytes);
    }

    /** "When you call the Delete Blob operation without specifying a version ID, the current version becomes a previous version": the protected too. */
    private Answer deleteCurrent(Call call) throws IOException, InterruptedException {
        if (!call.may(StorageRight.DELETE)) {
            return notPermitted();
        }
        Optional<Version> current = kept.current(call.blob);
        if (current.isPresent() && !versioning && isProtected(current.get())) {
            return refusal(current.get());
        }
        Answer answer = forward(call);
        if (answer.status == 202) {
            kept.deleteCurrent(call.blob);
        }
        return answer;
    }

    private Answer deleteVersion(Call call) {
        Optional<Version> found = kept.find(call.blob, call.versionId().orElseThrow());
        if (!call.may(StorageRight.DELETE_VERSION)) {
            return notPermitted();
        }
        if (found.isEmpty()) {
            return notFound();
        }
        if (found.get().current) {
            return error(403, "OperationNotAllowedOnRootBlob", "The specified operation is not allowed on root blob.");
        }
        if (isProtected(found.get())) {
            return refusal(found.get());
        }
        kept.delete(found.get(), softDelete);
        return new Answer(202, new TreeMap<>(), new byte[0]);
    }

    private boolean isProtected(Version version) {
        return version.legalHold || version.isRetained(clock.instant());
    }

    private static Answer refusal(Version version) {
        return version.legalHold
                ? error(
                        409,
                        "BlobImmutableDueToLegalHold",
                        "This operation is not permitted as the blob is immutable due to one or more legal holds.")
                : OF_POLICY;
    }

    private Optional<Version> meant(Call call) {
        return call.versionId().isPresent()
                ? kept.find(call.blob, call.versionId().get())
                : kept.current(call.blob);
    }

    private Answer setPolicy(Call call) {
        if (!call.may(StorageRight.SET_POLICY)) {
            return notPermitted();
        }
        Optional<Version> found = meant(call);
        if (found.isEmpty()) {
            return notFound();
        }
        if (!immutable) {
            return error(409, "BlobOperationNotSupported", "The operation is not supported in this scenario.");
        }
        @Nullable Instant until = call.header(UNTIL).map(ImmutableStorage::time).orElse(null);
        if (until == null || !until.isAfter(clock.instant())) {
            return error(
                    400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.");
        }
        Version version = found.get();
        String mode = call.header(MODE).orElse("Unlocked");
        boolean shorter = version.until != null && until.isBefore(version.until);
        if (version.isLocked() && (shorter || !mode.equalsIgnoreCase("Locked"))) {
            return OF_POLICY;
        }
        version.until = until;
        version.mode = mode;
        Map<String, String> headers = new TreeMap<>();
        headers.put(UNTIL, text(until));
        headers.put(MODE, mode.toLowerCase(Locale.ROOT));
        return new Answer(200, headers, new byte[0]);
    }

    /** "You cannot delete a locked time-based retention policy." */
    private Answer deletePolicy(Call call) {
        if (!call.may(StorageRight.SET_POLICY)) {
            return notPermitted();
        }
        Optional<Version> found = meant(call);
        if (found.isEmpty()) {
            return notFound();
        }
        if (found.get().isLocked()) {
            return error(
                    409,
                    "ImmutabilityPolicyDeleteOnLockedPolicy",
                    "Policy delete is not permitted on a locked policy.");
        }
        found.get().until = null;
        found.get().mode = null;
        return new Answer(200, new TreeMap<>(), new byte[0]);
    }

    private Answer setHold(Call call) {
        if (!call.may(StorageRight.SET_POLICY)) {
            return notPermitted();
        }
        Optional<Version> found = meant(call);
        if (found.isEmpty()) {
            return notFound();
        }
        found.get().legalHold = call.header(HOLD).map(Boolean::parseBoolean).orElse(false);
        Map<String, String> headers = new TreeMap<>();
        headers.put(HOLD, String.valueOf(found.get().legalHold));
        return new Answer(200, headers, new byte[0]);
    }

    private Answer forward(Call call) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        azurite.accountUrl().resolve(call.exchange.getRequestURI()))
                .method(call.method, HttpRequest.BodyPublishers.ofByteArray(call.body));
        call.exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> {
            boolean length = name.equalsIgnoreCase("content-length") && call.method.equals("HEAD");
            if (length || !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values.getFirst());
            }
        });
        return new Answer(response.statusCode(), headers, response.body());
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        answer.headers.forEach((name, value) -> {
            if (head || !name.equalsIgnoreCase("Content-Length")) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        byte[] body = head ? new byte[0] : answer.body;
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(name.toLowerCase(Locale.ROOT), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    static String text(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    private static @Nullable Instant time(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException wrong) {
            return null;
        }
    }

    @Override
    public void close() {
        synchronized (servers) {
            servers.forEach(server -> server.stop(0));
        }
        threads.close();
        client.close();
    }
}
