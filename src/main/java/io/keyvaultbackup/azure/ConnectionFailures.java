package io.keyvaultbackup.azure;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it means that no answer came. Stateless. */
public final class ConnectionFailures {

    private static final int LONGEST_MESSAGE = 1_000;

    private static final String TRIED_IN_VAIN = "too many authentication attempts";

    /** With a proxy's user to offer, the JDK takes a 401 that offers no scheme, as Entra ID's are, for a broken answer. */
    private static final String UNEXPLAINED_401 = "WWW-Authenticate header missing for response code 401";

    private ConnectionFailures() {}

    /**
     * What the transport's exception means; null if it is not the transport's.
     *
     * @param host who did not answer, with its port
     */
    public static @Nullable Failure understand(Throwable thrown, String host) {
        return understand(thrown, host, null);
    }

    /** @param proxy what the connection went through, or null */
    static @Nullable Failure understand(Throwable thrown, String host, @Nullable ProxyRoute proxy) {
        ConnectionException understood = causeOf(ConnectionException.class, thrown);
        if (understood != null) {
            return understood.failure();
        }
        if (causeOf(HttpTimeoutException.class, thrown) != null
                || causeOf(SocketTimeoutException.class, thrown) != null
                || causeOf(TimeoutException.class, thrown) != null) {
            return Failure.of(FailureReason.TIMED_OUT, host + " did not answer in time: " + words(thrown));
        }
        if (causeOf(UnresolvedAddressException.class, thrown) != null
                || causeOf(UnknownHostException.class, thrown) != null) {
            return Failure.of(
                    proxy == null ? FailureReason.NETWORK : FailureReason.PROXY,
                    proxy == null
                            ? "the name of " + host + " cannot be resolved"
                            : "the name of the proxy " + proxy + " cannot be resolved");
        }
        if (causeOf(ConnectException.class, thrown) != null) {
            return proxy == null
                    ? Failure.of(FailureReason.NETWORK, "cannot connect to " + host + ": " + words(thrown))
                    : Failure.of(
                            FailureReason.PROXY,
                            "cannot connect to the proxy " + proxy + " (" + proxy.source() + "): " + words(thrown));
        }
        if (causeOf(SSLException.class, thrown) != null && isAboutTheCertificate(thrown)) {
            if (isForAnotherHost(thrown)) {
                return Failure.of(
                        FailureReason.TLS_OTHER_HOST,
                        "the certificate that " + host + " shows is another host's: " + words(thrown));
            }
            return Failure.of(
                    FailureReason.TLS_NOT_TRUSTED,
                    "the certificate that " + host + " shows is not trusted: " + words(thrown));
        }
        if (causeOf(IOException.class, thrown) == null) {
            return null;
        }
        if (words(thrown).contains(UNEXPLAINED_401)) {
            return Failure.of(
                    FailureReason.NOT_AUTHENTICATED,
                    host
                            + " answered 401. More can not be seen where keyvault-backup.azure.proxy.user is set: the JDK's"
                            + " client keeps the rest of such an answer for itself");
        }
        return proxy != null && isTheProxys(thrown)
                ? refusedByProxy(host, proxy, wordsOfProxy(thrown))
                : Failure.of(FailureReason.NETWORK, words(thrown));
    }

    /** The proxy answered in place of the host. */
    static Failure refusedByProxy(String host, ProxyRoute proxy, String words) {
        return Failure.of(
                FailureReason.PROXY,
                "the proxy " + proxy + " (" + proxy.source() + ") does not connect to " + host + ": " + words);
    }

    private static boolean isAboutTheCertificate(Throwable thrown) {
        return causeOf(CertificateException.class, thrown) != null
                || causeOf(CertPathBuilderException.class, thrown) != null
                || causeOf(CertPathValidatorException.class, thrown) != null;
    }

    /** As the JDK says it: "No name matching …", "No subject alternative DNS name matching …", "… names present". */
    private static boolean isForAnotherHost(Throwable thrown) {
        String words = words(thrown);
        return words.contains("No name matching") || words.contains("No subject alternative");
    }

    private static String wordsOfProxy(Throwable thrown) {
        String words = words(thrown);
        return words.contains(TRIED_IN_VAIN) ? "407, it does not take this user and password" : words;
    }

    /** Only the words tell: the JDK's client has one class of exception for all of it. */
    private static boolean isTheProxys(Throwable thrown) {
        String words = words(thrown);
        return words.contains("Tunnel failed") || words.contains(TRIED_IN_VAIN) || words.contains("Proxy-Authenticate");
    }

    /** What the transport said: the innermost exception's own words, with its kind where it says nothing or too little. */
    public static String words(Throwable thrown) {
        Throwable root = rootOf(thrown);
        String kind = root.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
        String message = root.getMessage();
        return message == null ? kind : kind + ": " + firstLine(message);
    }

    /** The innermost cause. */
    public static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    /** The first of the causes that is of this type. */
    public static <E extends Throwable> @Nullable E causeOf(Class<E> type, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    static String firstLine(@Nullable String message) {
        String line = message == null
                ? "no message"
                : message.strip().lines().findFirst().orElse("no message").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }
}
