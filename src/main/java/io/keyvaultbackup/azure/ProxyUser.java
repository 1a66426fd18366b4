package io.keyvaultbackup.azure;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.http.HttpClient;
import java.util.Objects;

/** Sends connections through a proxy, with its user and password for the proxy alone: a server that asks for them gets none. */
public final class ProxyUser extends Authenticator {

    /** The JDK refuses to send a password to a proxy in front of HTTPS unless this is set, and empty; it looks once, at its first use. */
    private static final String REFUSED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final PasswordAuthentication user;

    private ProxyUser(PasswordAuthentication user) {
        this.user = user;
    }

    /** To be called before anything else: once the JDK's client has been used, it is too late. Who sets the property decides. */
    public static void allowBasic() {
        if (System.getProperty(REFUSED_SCHEMES) == null) {
            System.setProperty(REFUSED_SCHEMES, "");
        }
    }

    static void on(HttpClient.Builder client, ProxyRoute proxy) {
        client.proxy(proxy.selector());
        if (proxy.user() != null) {
            char[] password = Objects.requireNonNullElse(proxy.password(), "").toCharArray();
            client.authenticator(new ProxyUser(new PasswordAuthentication(proxy.user(), password)));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // null is how an Authenticator says that it knows none
    protected PasswordAuthentication getPasswordAuthentication() {
        return getRequestorType() == RequestorType.PROXY ? user : null;
    }
}
