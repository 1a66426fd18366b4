import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the image's training runs against: a vault of three secrets and an identity that gives it tokens, as much of both as one backup
 * asks for. It stands for nothing else: what Key Vault does is the emulator's concern. Runs the program given, makes an empty job database
 * with it first, and ends as it does.
 *
 * <p>java -cp DIRECTORY TrainingVault DIRECTORY PROGRAM [OPTION FOR THE TRAINED RUN]... -jar JAR
 */
public final class TrainingVault {

    private static final char[] PASSWORD = "training".toCharArray();
    private static final int OBJECTS = 3;

    private TrainingVault() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        List<String> program = List.of(arguments).subList(1, arguments.length);
        HttpsServer vault = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.setHttpsConfigurator(new HttpsConfigurator(identity(directory.resolve("vault.p12"))));
        String uri = "https://localhost:" + vault.getAddress().getPort();
        start(vault, uri);
        HttpServer tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        start(tokens, uri);
        Map<String, String> environment = Map.of(
                "AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential",
                "IDENTITY_ENDPOINT", "http://localhost:" + tokens.getAddress().getPort() + "/token",
                "IDENTITY_HEADER", "training");
        Path configuration = Files.writeString(directory.resolve("training.properties"), """
                keyvault-backup.data-directory=%1$s/data
                keyvault-backup.store.directory=%1$s/store
                keyvault-backup.ledger.empty-database=%1$s/empty/keyvault-backup.mv.db
                keyvault-backup.azure.verify-challenge-resource=false
                keyvault-backup.azure.ssl-bundle=training
                spring.ssl.bundle.pem.training.truststore.certificate=file:%1$s/vault.pem
                """.formatted(directory));
        String options = "-Dh2.bindAddress=127.0.0.1"; // not every engine lets a build find its own host's name
        List<String> first =
                new ArrayList<>(List.of(program.get(0), options, "-Dkeyvault-backup.data-directory=" + directory + "/empty"));
        first.addAll(program.subList(program.indexOf("-jar"), program.size()));
        first.add("runs");
        end(run(first, environment));
        List<String> trained = new ArrayList<>(program);
        trained.add(1, options);
        trained.addAll(List.of("backup", "--vault", uri, "--config", configuration.toString()));
        end(run(trained, environment));
        System.exit(0);
    }

    private static void end(int exitCode) {
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static int run(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().putAll(environment);
        return process.start().waitFor();
    }

    private static SSLContext identity(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            keys.load(content, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void start(HttpServer server, String vault) {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, vault));
        server.start();
    }

    private static void answer(HttpExchange exchange, String vault) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean isKnown = path.equals("/token") || exchange.getRequestHeaders().containsKey("Authorization");
        if (!isKnown) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/training\", resource=\"https://vault.azure.net\"");
        }
        byte[] body = (isKnown ? body(path, vault) : "").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(isKnown ? 200 : 401, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String body(String path, String vault) {
        if (path.equals("/token")) {
            return "{\"access_token\":\"training\",\"expires_on\":\"" + (System.currentTimeMillis() / 1000 + 3_600)
                    + "\",\"resource\":\"https://vault.azure.net\",\"token_type\":\"Bearer\"}";
        }
        if (path.endsWith("/backup")) {
            String tag = "AzureKeyVaultSecretBackupV1.microsoft.com";
            String backup = (char) tag.length() + tag + "aa.bb.cc.dd.ee";
            return "{\"value\":\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(backup.getBytes(StandardCharsets.US_ASCII)) + "\"}";
        }
        List<String> values = new ArrayList<>();
        if (path.equals("/secrets")) {
            for (int number = 0; number < OBJECTS; number++) {
                values.add(object(vault + "/secrets/secret-" + number));
            }
        } else if (path.endsWith("/versions")) {
            values.add(object(vault + path.replace("/versions", "") + "/0123456789abcdef0123456789abcdef"));
        }
        return "{\"value\":[" + String.join(",", values) + "],\"nextLink\":null}";
    }

    private static String object(String id) {
        return "{\"id\":\"" + id + "\",\"attributes\":{\"enabled\":true,\"created\":1700000000,\"updated\":1700000000,"
                + "\"recoveryLevel\":\"Recoverable+Purgeable\",\"recoverableDays\":90}}";
    }
}
