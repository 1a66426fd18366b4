package io.keyvaultbackup.telemetry;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** A receiver of OTLP over HTTP, which decodes what it gets with OpenTelemetry's own protocol. */
final class OtlpReceiver<T extends Message> implements AutoCloseable {

    /** Instead of a status: it takes what it gets, and never answers. */
    static final int SILENT = 0;

    private final HttpServer server;
    private final String path;
    private final List<T> received = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** @param status what it answers */
    OtlpReceiver(String path, Parser<T> parser, int status) throws IOException {
        this.path = path;
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext(path, exchange -> {
            received.add(parser.parseFrom(body(exchange)));
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (status != SILENT) {
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            }
        });
        server.start();
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        boolean compressed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        return compressed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    List<T> received() {
        return received;
    }

    /** The header of each request. */
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
