package io.keyvaultbackup.notification;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A mail server, and to whom it is to send. {@link #toString()} tells no secret. Immutable.
 *
 * @param host the server's name; no mail is sent where none is given
 * @param port its port; by default 587 with starttls, 465 with tls, 25 with none
 * @param encryption starttls (without which nothing is sent), tls from the first byte, or none
 * @param username for servers that ask who sends
 * @param password for servers that ask who sends; better in the environment than in a file
 * @param from the sender's address
 * @param to the addresses of those who are told
 * @param events incomplete, failed, damaged, too-old, recovered; all if none is given
 * @param vaults patterns of vaults' names; all if none is given
 */
record MailProperties(
        @Nullable String host,
        @Nullable Integer port,
        @DefaultValue("starttls") Encryption encryption,
        @Nullable String username,
        @Nullable String password,
        @Nullable String from,
        @DefaultValue List<String> to,
        @DefaultValue List<Event> events,
        @DefaultValue List<String> vaults) {

    /** No more than what keeps a header from being two; the server knows better what an address is. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>,;:\"\\p{Cntrl}]+@[^\\s<>,;:\"\\p{Cntrl}]+");

    private static final int HIGHEST_PORT = 65_535;

    /** How the connection is kept from being read. */
    enum Encryption {
        STARTTLS(587),
        TLS(465),
        NONE(25);

        private final int usualPort;

        Encryption(int usualPort) {
            this.usualPort = usualPort;
        }
    }

    MailProperties {
        host = given(host);
        username = given(username);
        password = given(password);
        from = given(from);
        to = List.copyOf(to);
        events = List.copyOf(events);
        vaults = List.copyOf(vaults);
    }

    boolean isGiven() {
        return host != null;
    }

    int portOrUsual() {
        return port == null ? encryption.usualPort : port;
    }

    Wanted wanted() {
        return new Wanted(events, vaults);
    }

    List<String> problems(String where) {
        List<String> problems = new ArrayList<>();
        if (host == null) {
            if (from != null || !to.isEmpty()) {
                problems.add(where + ".host is missing: the mail server, such as smtp.example.com");
            }
            return problems;
        }
        if (portOrUsual() < 1 || portOrUsual() > HIGHEST_PORT) {
            problems.add(where + ".port: " + port + " is not between 1 and " + HIGHEST_PORT + ", such as 587");
        }
        if (from == null || !ADDRESS.matcher(from).matches()) {
            problems.add(where + ".from is to be an address, such as keyvault-backup@example.com");
        }
        if (to.isEmpty()
                || !to.stream().allMatch(address -> ADDRESS.matcher(address).matches())) {
            problems.add(where + ".to is to be one address or more, such as operations@example.com");
        }
        if ((username == null) != (password == null)) {
            problems.add(where + ".username and " + where + ".password belong together: give both, or neither");
        }
        if (password != null && encryption == Encryption.NONE && !ThisMachine.is(host)) {
            problems.add(where + ".encryption is none, and the password could be read on the way: use starttls or tls");
        }
        return problems;
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @Override
    public String toString() {
        return "Mail[host=" + host + ", encryption=" + encryption + "]";
    }
}
