import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A server that speaks the part of the Key Vault API that a backup uses, and a managed identity's token endpoint, written from
 * Microsoft's REST reference with the JDK alone. It shares no line with the emulator, so that the two do not share a mistake.
 * Started from source, {@code java VaultServer.java DIRECTORY HOST}; it ends when its standard input does.
 */
public final class VaultServer {

    private static final String IDENTITY_HEADER = "independent-identity-header";
    private static final String TENANT = "99999999-8888-7777-6666-555555555555";
    private static final int PAGE = 25;
    private static final long CREATED = Instant.now().minusSeconds(86_400).getEpochSecond();

    private final Map<String, List<String>> names = new TreeMap<>();
    private final Set<String> managed = new LinkedHashSet<>();
    private final Set<String> tokens = Collections.synchronizedSet(new LinkedHashSet<>());
    private final SecureRandom random = new SecureRandom();
    private String base = "";

    public static void main(String[] arguments) throws Exception {
        new VaultServer().start(Path.of(arguments[0]), arguments[1]);
        while (System.in.read() >= 0) {
            // until whoever started it goes
        }
        System.exit(0);
    }

    private void start(Path directory, String host) throws Exception {
        seed();
        HttpsServer vault = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext tls = tls(directory, host);
        vault.setHttpsConfigurator(new HttpsConfigurator(tls));
        vault.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        vault.createContext("/", exchange -> answered(exchange, this::vault));
        HttpsServer identity = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        identity.setHttpsConfigurator(new HttpsConfigurator(tls));
        identity.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        identity.createContext("/token", exchange -> answered(exchange, this::token));
        base = "https://" + host + ":" + vault.getAddress().getPort();
        vault.start();
        identity.start();
        System.out.println("READY " + base + " https://localhost:" + identity.getAddress().getPort() + "/token "
                + IDENTITY_HEADER);
    }

    private void seed() {
        for (String collection : List.of("secrets", "keys", "certificates")) {
            names.put(collection, new ArrayList<>());
        }
        for (int number = 0; number < 60; number++) {
            names.get("secrets").add("app-" + number);
        }
        names.get("keys").addAll(List.of("signing", "wrapping"));
        names.get("certificates").add("web");
        names.get("secrets").add("web");
        names.get("keys").add("web");
        managed.addAll(List.of("secrets/web", "keys/web"));
    }

    private static SSLContext tls(Path directory, String host) throws Exception {
        Path store = directory.resolve("independent.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String[] common = {"-keystore", store.toString(), "-storepass", "independent", "-alias", "vault"};
        run(keytool, common, "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=Independent CA",
                "-ext", "bc:c", "-ext", "san=dns:" + host + ",dns:localhost", "-validity", "2");
        run(keytool, common, "-exportcert", "-rfc", "-file", directory.resolve("independent.pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, "independent".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, "independent".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void run(Path program, String[] common, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(common));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    private interface Work {
        void answer(HttpExchange exchange, Map<String, String> query) throws Exception;
    }

    private static void answered(HttpExchange exchange, Work work) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Map<String, String> query = new TreeMap<>();
            String raw = exchange.getRequestURI().getRawQuery();
            for (String pair : raw == null ? new String[0] : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8));
            }
            work.answer(exchange, query);
        } catch (Exception broken) {
            broken.printStackTrace();
            send(exchange, 500, "{\"error\":{\"code\":\"InternalServerError\",\"message\":\"broken\"}}");
        }
    }

    /** App Service's protocol, 2019-08-01; the token has the form that Azurite reads. */
    private void token(HttpExchange exchange, Map<String, String> query) throws IOException {
        String resource = query.get("resource");
        if (!IDENTITY_HEADER.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER")) || resource == null) {
            send(exchange, 401, "{\"statusCode\":401,\"message\":\"not you\"}");
            return;
        }
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"https://sts.windows.net/" + TENANT + "/\",\"aud\":\"" + resource + "\",\"iat\":"
                + (now - 60) + ",\"nbf\":" + (now - 60) + ",\"exp\":" + (now + 3600) + ",\"ver\":\"1.0\"}";
        String token = url64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + url64(claims.getBytes(StandardCharsets.UTF_8)) + "." + url64(bytes(32));
        if (resource.startsWith("https://vault.azure.net")) {
            tokens.add(token);
        }
        send(exchange, 200, "{\"access_token\":\"" + token + "\",\"expires_on\":\"" + (now + 3600)
                + "\",\"resource\":\"" + resource + "\",\"token_type\":\"Bearer\"}");
    }

    private void vault(HttpExchange exchange, Map<String, String> query) throws Exception {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null || !tokens.contains(authorization.replaceFirst("^Bearer ", ""))) {
            exchange.getResponseHeaders()
                    .add("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/" + TENANT
                            + "\", resource=\"https://vault.azure.net\"");
            send(exchange, 401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"Request is missing a Bearer token.\"}}");
            return;
        }
        String[] parts = exchange.getRequestURI().getPath().replaceFirst("^/", "").replaceFirst("/$", "").split("/");
        List<String> listed = names.get(parts[0]);
        if (listed == null || !query.containsKey("api-version")) {
            send(exchange, 400, "{\"error\":{\"code\":\"BadParameter\",\"message\":\"not served\"}}");
        } else if (exchange.getRequestMethod().equals("GET") && parts.length == 1) {
            page(exchange, parts[0], listed, query);
        } else if (!listed.contains(parts[1])) {
            send(exchange, 404, "{\"error\":{\"code\":\"SecretNotFound\",\"message\":\"not here\"}}");
        } else if (exchange.getRequestMethod().equals("GET") && parts[2].equals("versions")) {
            send(exchange, 200, "{\"value\":[" + item(parts[0], parts[1], "/0123456789abcdef0123456789abcdef")
                    + "],\"nextLink\":null}");
        } else if (exchange.getRequestMethod().equals("POST") && parts[2].equals("backup")) {
            backup(exchange, parts[0], parts[1]);
        } else {
            send(exchange, 405, "{\"error\":{\"code\":\"MethodNotAllowed\",\"message\":\"not served\"}}");
        }
    }

    private void page(HttpExchange exchange, String collection, List<String> listed, Map<String, String> query)
            throws IOException {
        int from = Integer.parseInt(query.getOrDefault("$skiptoken", "0"));
        int to = Math.min(listed.size(), from + PAGE);
        List<String> items = listed.subList(from, to).stream()
                .map(name -> item(collection, name, ""))
                .toList();
        String next = to == listed.size()
                ? "null"
                : "\"" + base + "/" + collection + "?api-version=" + query.get("api-version") + "&$skiptoken=" + to + "\"";
        send(exchange, 200, "{\"value\":[" + String.join(",", items) + "],\"nextLink\":" + next + "}");
    }

    private String item(String collection, String name, String version) {
        String id = base + "/" + collection + "/" + name + version;
        return "{\"" + (collection.equals("keys") ? "kid" : "id") + "\":\"" + id + "\",\"attributes\":{\"enabled\":true,\"created\":"
                + CREATED + ",\"updated\":" + CREATED + "}"
                + (managed.contains(collection + "/" + name) ? ",\"managed\":true}" : "}");
    }

    /** Tells on standard output what it gave, so that a test can compare. */
    private void backup(HttpExchange exchange, String collection, String name) throws Exception {
        if (managed.contains(collection + "/" + name)) {
            send(exchange, 403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"associated with a certificate\"}}");
            return;
        }
        byte[] blob = bytes(5_000 + random.nextInt(3_000));
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
        System.out.println("GAVE " + collection.replaceFirst("s$", "") + "/" + name + " " + digest);
        send(exchange, 200, "{\"value\":\"" + url64(blob) + "\"}");
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String url64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
