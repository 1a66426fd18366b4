package io.keyvaultbackup.testservices;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way to a real service, over plain HTTP, on which things go wrong as they are told to: the next request of a method (and place) meets
 * the fault that was put in its way, and each fault is met once. All other requests go through.
 */
public final class FaultyWay implements AutoCloseable {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "upgrade", "expect", "transfer-encoding", "keep-alive");

    private final URI service;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Planned> planned = new ArrayList<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    private record Planned(Predicate<Request> about, Fault fault, Runnable met) {}

    /** @param leaseAction what is done about a lease: acquire, renew, release; empty for all other requests */
    private record Request(String method, String path, String query, String leaseAction) {}

    /** What can go wrong. */
    public sealed interface Fault {

        /** An error of Blob Storage instead of an answer; the service never sees the request. */
        record Refusal(int status, String code, String message, Map<String, String> headers) implements Fault {}

        /** The connection breaks before the service sees the request. */
        record Broken() implements Fault {}

        /** The service does its work, and the connection breaks before its answer is through. */
        record AnswerLost() implements Fault {}

        /**
         * No answer comes, as long as the way is open.
         *
         * @param met run once the request is there
         */
        record Silence(Runnable met) implements Fault {
            public Silence() {
                this(() -> {});
            }
        }
    }

    /** @param service scheme, host and port, and the account's path, which stays the same on this way */
    public FaultyWay(URI service) {
        this.service = service;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot listen", failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where the service is, by this way. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + service.getPath());
    }

    public FaultyWay next(String method, Fault fault) {
        return next(method, "", fault);
    }

    /** @param place a part of the request's path, or after a question mark of its query, decoded */
    public FaultyWay next(String method, String place, Fault fault) {
        return next(method, place, fault, () -> {});
    }

    /**
     * @param place a part of the request's path, or after a question mark of its query, decoded
     * @param met run once the request is there, before the fault
     */
    public FaultyWay next(String method, String place, Fault fault, Runnable met) {
        return next(
                request -> request.method().equals(method)
                        && (place.startsWith("?")
                                ? request.query().contains(place.substring(1))
                                : request.path().contains(place)),
                fault,
                met);
    }

    /**
     * The same, at a request about the lease of a blob.
     *
     * @param action acquire, renew, release; or empty, and the method says what is done with the blob itself
     * @param blob how the request's path ends
     */
    public FaultyWay nextOfLease(String method, String action, String blob, Fault fault, Runnable met) {
        return next(
                request -> request.method().equals(method)
                        && request.leaseAction().equals(action)
                        && request.path().endsWith(blob),
                fault,
                met);
    }

    private FaultyWay next(Predicate<Request> about, Fault fault, Runnable met) {
        synchronized (planned) {
            planned.add(new Planned(about, fault, met));
        }
        return this;
    }

    /** The methods of all requests that came, in their order. */
    public List<String> requests() {
        return requests.stream().map(Request::method).toList();
    }

    /** Path and query of all requests, decoded, in their order. */
    public List<String> targets() {
        return requests.stream()
                .map(request -> request.path() + "?" + request.query())
                .toList();
    }

    /** The paths of all requests of a method, in their order. */
    public List<String> paths(String method) {
        return requests.stream()
                .filter(request -> request.method().equals(method))
                .map(Request::path)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""),
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("x-ms-lease-action"), ""));
            requests.add(request);
            switch (faultFor(request)) {
                case null -> answer(exchange, forward(exchange, body));
                case Fault.Refusal error -> answer(exchange, error);
                case Fault.Broken _ -> {
                    // closed without an answer
                }
                case Fault.AnswerLost _ -> forward(exchange, body);
                case Fault.Silence silence -> {
                    silence.met().run();
                    closed.await();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Fault faultFor(Request request) {
        Planned first;
        synchronized (planned) {
            first = planned.stream()
                    .filter(candidate -> candidate.about().test(request))
                    .findFirst()
                    .orElse(null);
            planned.remove(first);
        }
        if (first == null) {
            return null;
        }
        first.met().run();
        return first.fault();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isOfTheMessage(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
        response.headers().map().forEach((name, values) -> {
            if (isOfTheMessage(name)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        if (exchange.getRequestMethod().equals("HEAD")) { // whose answer tells the length of what it does not have
            response.headers()
                    .firstValue("Content-Length")
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
        }
        send(exchange, response.statusCode(), response.body());
    }

    private static void answer(HttpExchange exchange, Fault.Refusal error) throws IOException {
        exchange.getResponseHeaders().set("x-ms-error-code", error.code());
        exchange.getResponseHeaders().set("x-ms-request-id", "request-of-the-fault");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        error.headers().forEach(exchange.getResponseHeaders()::set);
        String body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + error.code() + "</Code><Message>"
                + error.message() + "\nRequestId:request-of-the-fault\nTime:2026-11-24T03:00:00Z</Message></Error>";
        boolean head = exchange.getRequestMethod().equals("HEAD");
        send(exchange, error.status(), head ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream output = exchange.getResponseBody()) {
                output.write(body);
            }
        }
    }

    private static boolean isOfTheMessage(String header) {
        return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
        client.close();
    }
}
