package io.keyvaultbackup.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Key Vaults on this machine, over HTTPS, for the real SDK: each vault has a port of its own, all have one certificate authority,
 * made at the start. It follows docs/keyvault-facts.md.
 */
public final class KeyVaultEmulator implements AutoCloseable {

    private static final int MOST_THREADS = 1_000;

    /** The SDK remembers challenges by host and port for as long as the JVM lives: a port had once is not had again. */
    private static final Set<Integer> PORTS_HAD = ConcurrentHashMap.newKeySet();

    private final CertificateAuthority authority = new CertificateAuthority();
    private final SSLContext trustingContext = authority.trustingContext();
    private final TokenEndpoint tokens = TokenEndpoint.shared();
    private final Map<Connector, EmulatedVault> vaults = new ConcurrentHashMap<>();
    private final Map<Connector, EntraAuthority> authorities = new ConcurrentHashMap<>();
    private final Map<Connector, EmulatedResourceManager> resourceManagers = new ConcurrentHashMap<>();
    private final Map<Connector, IdentityEndpoint> identities = new ConcurrentHashMap<>();
    private final SslContextFactory.Server tls = tls(authority);
    private final Path certificateFile;
    private final Path trustStoreFile;
    private final Server server;

    private KeyVaultEmulator() {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 4);
        threads.setName("key-vault-emulator");
        threads.setDaemon(true);
        server = new Server(threads);
        server.setHandler(new VaultHandler());
        try {
            certificateFile = Files.createTempFile("key-vault-emulator-", ".pem");
            Files.writeString(certificateFile, authority.pem());
            trustStoreFile = Files.createTempFile("key-vault-emulator-", ".p12");
            try (OutputStream file = Files.newOutputStream(trustStoreFile)) {
                authority.trustStore().store(file, CertificateAuthority.PASSWORD);
            }
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("The authority's trust store could not be written", broken);
        } catch (IOException broken) {
            throw new UncheckedIOException("The authority's certificate could not be written", broken);
        }
        begin(server);
    }

    /** An emulator without vaults yet, with a certificate authority of its own. */
    public static KeyVaultEmulator start() {
        return new KeyVaultEmulator();
    }

    /** A new vault with the usual settings: see {@link VaultSettings#of}. */
    public EmulatedVault vault(String name) {
        return vault(VaultSettings.of(name));
    }

    /** A new authority on a port of its own, which gives applications the tokens that the vaults take. */
    public EntraAuthority authority() {
        ServerConnector connector = listen("the authority");
        EntraAuthority authority = new EntraAuthority(connector.getLocalPort(), tokens);
        authorities.put(connector, authority);
        begin(connector);
        return authority;
    }

    /** A new managed-identity endpoint over HTTPS on a port of its own, which gives the tokens that the vaults take. */
    public IdentityEndpoint identityEndpoint() {
        ServerConnector connector = listen("the identity endpoint");
        IdentityEndpoint endpoint =
                new IdentityEndpoint(connector.getLocalPort(), tokens, authority.serverThumbprint());
        identities.put(connector, endpoint);
        begin(connector);
        return endpoint;
    }

    /** A new Azure Resource Manager on a port of its own, which takes tokens of the same endpoint. */
    public EmulatedResourceManager resourceManager() {
        ServerConnector connector = listen("the resource manager");
        EmulatedResourceManager manager = new EmulatedResourceManager(connector.getLocalPort(), tokens);
        resourceManagers.put(connector, manager);
        begin(connector);
        return manager;
    }

    /** A new vault on a port of its own. */
    public EmulatedVault vault(VaultSettings settings) {
        ServerConnector connector = listen("the vault " + settings.name());
        EmulatedVault vault = new EmulatedVault(settings, connector.getLocalPort(), tokens);
        vaults.put(connector, vault);
        begin(connector);
        return vault;
    }

    /** Nobody listens there any more; its port is not used again. For who makes hundreds of vaults: each has a thread while it is there. */
    public void remove(EmulatedVault vault) {
        vaults.entrySet().removeIf(one -> {
            if (one.getValue() != vault) {
                return false;
            }
            try {
                ((ServerConnector) one.getKey()).stop();
            } catch (Exception broken) {
                throw new IllegalStateException("The vault could not be stopped", broken);
            }
            server.removeConnector(one.getKey());
            return true;
        });
    }

    /** Begun once the connector is known to whoever answers for it. */
    private ServerConnector listen(String whose) {
        try {
            ServerConnector connector = opened();
            while (!PORTS_HAD.add(connector.getLocalPort())) {
                connector.close();
                connector = opened();
            }
            server.addConnector(connector);
            return connector;
        } catch (IOException broken) {
            throw new UncheckedIOException("No port for " + whose, broken);
        }
    }

    private ServerConnector opened() throws IOException {
        ServerConnector connector = new ServerConnector(server, 0, 1, connectionFactories());
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(300_000);
        connector.open();
        return connector;
    }

    /** The certificate to trust. */
    public String caCertificatePem() {
        return authority.pem();
    }

    /** A file with the certificate to trust, until the emulator is closed. */
    public Path caCertificateFile() {
        return certificateFile;
    }

    /** The options with which a Java process of its own trusts the emulator, and nobody else, until this one is closed. */
    public List<String> trustOptions() {
        return List.of(
                "-Djavax.net.ssl.trustStore=" + trustStoreFile,
                "-Djavax.net.ssl.trustStoreType=PKCS12",
                "-Djavax.net.ssl.trustStorePassword=" + new String(CertificateAuthority.PASSWORD));
    }

    /** Trusts the emulator and nobody else. */
    public SSLContext sslContext() {
        return trustingContext;
    }

    public TokenEndpoint tokens() {
        return tokens;
    }

    /** Stops all vaults. The token endpoint stays, as the process has no other. */
    @Override
    public void close() {
        try {
            server.stop();
            Files.deleteIfExists(certificateFile);
            Files.deleteIfExists(trustStoreFile);
        } catch (Exception broken) {
            throw new IllegalStateException("The emulator could not be stopped", broken);
        }
    }

    private ConnectionFactory[] connectionFactories() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setOutputBufferSize(64 * 1024);
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()), new HttpConnectionFactory(http)
        };
    }

    private static SslContextFactory.Server tls(CertificateAuthority authority) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setKeyStore(authority.serverKeys());
        factory.setKeyStorePassword(new String(CertificateAuthority.PASSWORD));
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        // ChaCha20 first: where the JVM does not optimise (-XX:TieredStopAtLevel=1) it takes a third of the time that
        // AES takes.
        factory.setIncludeCipherSuites(
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        return factory;
    }

    private static void begin(LifeCycle part) {
        try {
            part.start();
        } catch (Exception broken) {
            throw new IllegalStateException("The emulator could not be started", broken);
        }
    }

    /** Hands each request to the vault whose port it came to. */
    private final class VaultHandler extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            Connector connector = request.getConnectionMetaData().getConnector();
            EntraAuthority authority = authorities.get(connector);
            if (authority != null) {
                byte[] body = Content.Source.asInputStream(request).readAllBytes();
                return send(
                        authority.answer(
                                request.getMethod(), request.getHttpURI().getCanonicalPath(), body),
                        response,
                        callback);
            }
            EmulatedResourceManager manager = resourceManagers.get(connector);
            if (manager != null) {
                byte[] body = Content.Source.asInputStream(request).readAllBytes();
                return send(
                        manager.answer(
                                request.getMethod(),
                                request.getHttpURI().getCanonicalPath(),
                                request.getHttpURI().getQuery(),
                                request.getHeaders().get("Authorization"),
                                body),
                        response,
                        callback);
            }
            IdentityEndpoint identity = identities.get(connector);
            if (identity != null) {
                return send(
                        identity.answer(
                                request.getHttpURI().getCanonicalPath(),
                                request.getHeaders(),
                                request.getHttpURI().getQuery()),
                        response,
                        callback);
            }
            EmulatedVault vault = vaults.get(connector);
            if (vault == null) {
                return false;
            }
            new Exchange(vault, request, response, callback).begin();
            return true;
        }

        private static boolean send(Answer answer, Response response, Callback callback) {
            response.setStatus(answer.status());
            response.getHeaders().put("Content-Type", "application/json; charset=utf-8");
            answer.headers().forEach(response.getHeaders()::put);
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
            return true;
        }
    }
}
