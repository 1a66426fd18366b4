package io.keyvaultbackup.dashboard.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What cannot be right in {@link AccessProperties}, in sentences. Stateless. */
final class AccessProblems {

    private static final int SHORTEST_TOKEN = 32;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private AccessProblems() {}

    static List<String> of(AccessProperties access) {
        List<String> problems = new ArrayList<>();
        if (access.issuer() == null) {
            refuseWithoutIssuer(problems, "client-id", access.clientId());
            refuseWithoutIssuer(problems, "client-secret", access.clientSecret());
            refuseWithoutIssuer(problems, "audience", access.audience());
            if (!access.grants().isEmpty()) {
                problems.add(named("grants") + ": they need a provider that says who has which role; name it: "
                        + named("issuer"));
            }
        } else {
            examineIssuer(problems, access.issuer());
            if (access.clientId() == null) {
                problems.add(named("client-id") + ": it is needed with an issuer; it is the dashboard's own ID there,"
                        + " in Entra ID the application (client) ID");
            }
            if (access.grants().isEmpty()) {
                problems.add(named("grants")
                        + ": nobody could be let in; say which roles of the provider are what here,"
                        + " such as " + named("grants[0].value") + "=backup-operator and " + named("grants[0].role")
                        + "=operator");
            }
        }
        if (access.roleClaim().isBlank()) {
            problems.add(named("role-claim") + ": it is empty; it is the name of a claim, such as roles");
        }
        for (int number = 0; number < access.grants().size(); number++) {
            examine(problems, "grants[" + number + "]", access.grants().get(number));
        }
        examineTimes(problems, access);
        examineMetrics(problems, access);
        return problems;
    }

    private static void examineIssuer(List<String> problems, String issuer) {
        try {
            URI uri = new URI(issuer);
            boolean near = uri.getHost() != null && THIS_MACHINE.contains(uri.getHost());
            if (uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme()) || (near && "http".equals(uri.getScheme())))) {
                return;
            }
        } catch (URISyntaxException malformed) {
            // the sentence below says what an issuer looks like
        }
        problems.add(named("issuer") + ": this is no issuer of OpenID Connect, which is a URL with https, such as"
                + " https://login.microsoftonline.com/TENANT/v2.0");
    }

    private static void examine(List<String> problems, String name, AccessProperties.Granted grant) {
        if (grant.value().isBlank()) {
            problems.add(
                    named(name + ".value") + ": it is missing; it is what the claim says, such as backup-operator");
        }
        if (grant.role() == null) {
            problems.add(named(name + ".role") + ": it is missing; it is viewer or operator");
        }
        if (grant.vaults().isEmpty() || grant.vaults().stream().anyMatch(String::isBlank)) {
            problems.add(named(name + ".vaults") + ": a pattern is empty; leave it out for all vaults, or give such as"
                    + " team-a-*");
        }
        if (grant.vaults().stream().anyMatch(pattern -> CONTROL.matcher(pattern).find())) {
            problems.add(named(name + ".vaults") + ": a pattern holds a control character; one looks like team-a-*");
        }
    }

    private static void examineTimes(List<String> problems, AccessProperties access) {
        if (access.session().compareTo(SHORTEST) < 0 || access.session().compareTo(LONGEST) > 0) {
            problems.add(named("session") + ": it is not between one minute and seven days, such as 8h");
        }
        if (access.idle().compareTo(SHORTEST) < 0 || access.idle().compareTo(LONGEST) > 0) {
            problems.add(named("idle") + ": it is not between one minute and seven days, such as 1h");
        }
    }

    private static void examineMetrics(List<String> problems, AccessProperties access) {
        String token = access.metricsToken();
        if (token != null
                && (token.length() < SHORTEST_TOKEN || CONTROL.matcher(token).find())) {
            problems.add(named("metrics-token") + ": it is shorter than " + SHORTEST_TOKEN
                    + " characters, or holds a control character; openssl rand -hex 32 makes one");
        }
        if (token != null && access.metricsOpen()) {
            problems.add(named("metrics-open") + ": it is true, and there is a metrics-token; leave out one of them");
        }
    }

    private static void refuseWithoutIssuer(List<String> problems, String name, @Nullable String value) {
        if (value != null) {
            problems.add(named(name) + ": it means nothing without a provider; name it: " + named("issuer"));
        }
    }

    private static String named(String name) {
        return AccessProperties.PREFIX + "." + name;
    }
}
