package io.keyvaultbackup.emulator;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The managed-identity endpoint over HTTPS, with the emulator's certificate, for processes of their own: App Service's protocol, and
 * Service Fabric's, whose clients know the certificate by its thumbprint. Its tokens are those that the vaults take.
 */
public final class IdentityEndpoint {

    private static final String PATH = "/msi/token";
    private static final String SERVICE_FABRIC_HEADER = "secret";

    private final URI uri;
    private final TokenEndpoint tokens;
    private final String thumbprint;
    private final AtomicLong issued = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    IdentityEndpoint(int port, TokenEndpoint tokens, String thumbprint) {
        this.uri = URI.create("https://localhost:" + port + PATH);
        this.tokens = tokens;
        this.thumbprint = thumbprint;
    }

    public URI uri() {
        return uri;
    }

    /** The variables by which a process finds it as App Service's. */
    public Map<String, String> appService() {
        return Map.of("IDENTITY_ENDPOINT", uri.toString(), "IDENTITY_HEADER", tokens.secret());
    }

    /** The variables by which a process finds it as Service Fabric's. */
    public Map<String, String> serviceFabric() {
        return Map.of(
                "IDENTITY_ENDPOINT",
                uri.toString(),
                "IDENTITY_HEADER",
                tokens.secret(),
                "IDENTITY_SERVER_THUMBPRINT",
                thumbprint);
    }

    /** How many tokens were asked for with the right secret, and given. */
    public long issued() {
        return issued.get();
    }

    /** How many requests were refused, whatever for. */
    public long refused() {
        return refused.get();
    }

    Answer answer(String path, HttpFields headers, @Nullable String query) {
        String ofAppService = headers.get(TokenEndpoint.APP_SERVICE_HEADER);
        Answer answer = path.equals(PATH)
                ? tokens.answer(ofAppService == null ? headers.get(SERVICE_FABRIC_HEADER) : ofAppService, query)
                : Answer.empty(404);
        (answer.status() == 200 ? issued : refused).incrementAndGet();
        return answer;
    }
}
