package io.keyvaultbackup.testservices;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that knows CONNECT alone. Whatever a host is called, it is on this machine: names that nobody else can resolve are
 * reached through the proxy or not at all. Safe for use by many threads.
 */
public final class ConnectProxy implements AutoCloseable {

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final ServerSocket server;
    private final @Nullable String authorization;
    private final Queue<String> connected = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();

    private ConnectProxy(@Nullable String authorization) {
        this.authorization = authorization;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException("no port for the proxy", failed);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** One that serves everybody. */
    public static ConnectProxy start() {
        return new ConnectProxy(null);
    }

    /** One that asks for this user and password, by Basic. */
    public static ConnectProxy startFor(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new ConnectProxy("Basic " + Base64.getEncoder().encodeToString(both));
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Host and port of each connection that it made. */
    public List<String> connected() {
        return List.copyOf(connected);
    }

    /** Host and port of each connection that it did not make, for want of the right user and password. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            for (String head = head(client.getInputStream()); !head.isEmpty(); head = head(client.getInputStream())) {
                String target = head.split(" ", 3)[1];
                if (isAllowed(head)) {
                    connected.add(target);
                    connect(client, Integer.parseInt(target.replaceFirst(".*:", "")));
                    return;
                }
                refused.add(target);
                say(client, """
                        HTTP/1.1 407 Proxy Authentication Required\r
                        Proxy-Authenticate: Basic realm="corporate"\r
                        Content-Length: 0\r
                        \r
                        """);
            }
        } catch (IOException gone) {
            return; // whoever asked, or who was asked for, hung up
        }
    }

    /** The request without what follows it; empty if there is none. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0; read = in.read()) {
            head.write(read);
            if (read == '\n' && head.toString(StandardCharsets.US_ASCII).endsWith(END_OF_HEAD)) {
                return head.toString(StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private boolean isAllowed(String head) {
        return authorization == null
                || head.lines()
                        .filter(line -> line.regionMatches(true, 0, "Proxy-Authorization:", 0, 20))
                        .anyMatch(line -> line.substring(20).strip().equals(authorization));
    }

    private static void connect(Socket client, int port) throws IOException {
        try (Socket service = new Socket(InetAddress.getLoopbackAddress(), port)) {
            say(client, "HTTP/1.1 200 Connection established" + END_OF_HEAD);
            Thread answers = Thread.ofVirtual().start(() -> copy(service, client));
            copy(client, service);
            answers.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            return; // the other direction ends by itself
        }
    }

    private static void say(Socket client, String words) throws IOException {
        client.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
