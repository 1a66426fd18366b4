package io.keyvaultbackup.emulator;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entra ID's part for applications: {@code /{tenant}/oauth2/v2.0/token} for the client-credentials grant, over HTTPS. It has one
 * tenant, the one that the vaults' challenges name, and its tokens are those that the vaults take.
 */
public final class EntraAuthority {

    /** What a federated token is for. */
    public static final String FEDERATION = "api://AzureADTokenExchange";

    private static final Pattern TOKEN = Pattern.compile("/([^/]+)/oauth2/v2\\.0/token");
    private static final String DEFAULT_SCOPE = "/.default";

    private final URI uri;
    private final TokenEndpoint tokens;
    private final Map<String, EntraApplication> applications = new ConcurrentHashMap<>();
    private final AtomicLong issued = new AtomicLong();
    private volatile boolean tenantForgotten;

    EntraAuthority(int port, TokenEndpoint tokens) {
        this.uri = URI.create("https://localhost:" + port);
        this.tokens = tokens;
    }

    public URI uri() {
        return uri;
    }

    public String tenant() {
        return AccessTokens.TENANT;
    }

    /** From now on it knows no tenant, as if the directory had been deleted. */
    public void forgetTenant() {
        tenantForgotten = true;
    }

    /** Registers an application that has no credential yet. */
    public EntraApplication application(String clientId) {
        EntraApplication made = new EntraApplication(clientId, tokens.accessTokens());
        applications.put(clientId, made);
        return made;
    }

    /** A token as a cluster gives it to a pod, valid for so long. */
    public String federatedToken(String audience, Duration lifetime) {
        return tokens.accessTokens().issue(audience, tokens.now(), lifetime);
    }

    /** How many access tokens it gave out. */
    public long issued() {
        return issued.get();
    }

    Answer answer(String method, String path, byte[] body) {
        Matcher token = TOKEN.matcher(path);
        if (!method.equals("POST") || !token.matches()) {
            return Answer.empty(404);
        }
        String tenant = token.group(1);
        if (tenantForgotten || !tenant.equalsIgnoreCase(tenant())) {
            return EntraError.tenant(tenant).answer(tokens.now());
        }
        Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
        String clientId = form.getOrDefault("client_id", "");
        EntraApplication application = applications.get(clientId);
        if (application == null) {
            return EntraError.application(clientId, tenant).answer(tokens.now());
        }
        EntraError refusal = application.refusal(form, tokens.now());
        if (refusal != null) {
            return refusal.answer(tokens.now());
        }
        String scope = firstScope(form.getOrDefault("scope", ""));
        if (!"client_credentials".equals(form.get("grant_type")) || !scope.endsWith(DEFAULT_SCOPE)) {
            return EntraError.malformed("grant_type, scope").answer(tokens.now());
        }
        issued.incrementAndGet();
        Map<String, Object> granted = new LinkedHashMap<>();
        granted.put("token_type", "Bearer");
        granted.put("expires_in", tokens.lifetime().toSeconds());
        granted.put("ext_expires_in", tokens.lifetime().toSeconds());
        granted.put("access_token", tokens.token(scope.substring(0, scope.length() - DEFAULT_SCOPE.length())));
        return Answer.json(200, granted);
    }

    /** MSAL adds openid, profile and offline_access. */
    private static String firstScope(String scopes) {
        for (String scope : scopes.split(" ", -1)) {
            if (scope.endsWith(DEFAULT_SCOPE)) {
                return scope;
            }
        }
        return scopes;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return form;
    }
}
