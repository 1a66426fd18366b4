package io.keyvaultbackup.store;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds what is wrong with {@link StoreProperties}, before anything is tried. Stateless. */
final class StoreProblems {

    private static final String URL_EXAMPLE = "https://myaccount.blob.core.windows.net/key-vault-backups";
    private static final String NAME_EXAMPLE = "key-vault-backups";

    private static final Pattern CONTAINER_NAME = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern CONNECTION = Pattern.compile("(?i)(^|;)\\s*(AccountName|BlobEndpoint)\\s*=");
    private static final Pattern SIGNATURE = Pattern.compile("(^|[?&])sig=");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final StoreProperties given;
    private final List<String> problems = new ArrayList<>();
    private final boolean general;
    private final String directory;
    private final String containerUrl;
    private final String sasToken;
    private final String connectionString;
    private final String container;

    private StoreProblems(StoreProperties given, String prefix) {
        this.given = given;
        this.general = prefix.equals(StoreProperties.PREFIX);
        this.directory = prefix + ".directory";
        this.containerUrl = prefix + ".container-url";
        this.sasToken = prefix + ".sas-token";
        this.connectionString = prefix + ".connection-string";
        this.container = prefix + ".container";
    }

    /** @param prefix what the names of the properties begin with */
    static List<String> of(StoreProperties given, String prefix) {
        StoreProblems found = new StoreProblems(given, prefix);
        found.lookAtChoice();
        found.lookAtContainerUrl();
        found.lookAtSasToken();
        found.lookAtConnectionString();
        found.lookAtContainer();
        return List.copyOf(found.problems);
    }

    /** A URL without what may be secret in it. */
    static String shown(URI url) {
        String text = url.toString().replaceAll("[?#].*", "?(hidden)");
        return text.replaceAll("//[^/@]*@", "//(hidden)@");
    }

    static boolean isContainerName(String name) {
        return CONTAINER_NAME.matcher(name).matches();
    }

    static boolean isSigned(String sasToken) {
        return SIGNATURE.matcher(sasToken).find();
    }

    private void lookAtChoice() {
        List<String> chosen = new ArrayList<>();
        if (given.directory() != null) {
            chosen.add(directory + " (" + given.directory() + ")");
        }
        if (given.containerUrl() != null) {
            chosen.add(containerUrl + " (" + shown(given.containerUrl()) + ")");
        }
        if (given.connectionString() != null) {
            chosen.add(connectionString + " (its value is secret)");
        }
        if (chosen.isEmpty()) {
            problems.add("No store is given. " + (general ? "Give --store, or set one of " : "Set one of ") + directory
                    + " (as /var/backups/key-vault), " + containerUrl
                    + " (as " + URL_EXAMPLE + "), or " + connectionString + " together with " + container + " (as "
                    + NAME_EXAMPLE + ").");
        } else if (chosen.size() > 1) {
            problems.add("More than one store is given: " + String.join(", ", chosen) + ". Keep one of them, as "
                    + containerUrl + "=" + URL_EXAMPLE + ".");
        }
    }

    private void lookAtContainerUrl() {
        URI url = given.containerUrl();
        if (url == null) {
            return;
        }
        String host = url.getHost();
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (host == null || !Set.of("https", "http").contains(scheme)) {
            refuseUrl(url, "is not the URL of a container");
        } else if (url.getRawUserInfo() != null) {
            refuseUrl(url, "has a user in it; Blob Storage knows none");
        } else if (url.getRawQuery() != null) {
            refuseUrl(url, "has something after the question mark; a SAS token belongs into " + sasToken);
        } else if (scheme.equals("http") && !LOOPBACK.contains(host.toLowerCase(Locale.ROOT))) {
            refuseUrl(url, "would send backups without encryption; plain http is for this machine (localhost) only");
        } else if (scheme.equals("http") && given.sasToken() == null) {
            refuseUrl(url, "would send the identity's token without encryption; use https, or give " + sasToken);
        } else if (!endsInOneContainer(url)) {
            refuseUrl(url, "does not end in the name of one container");
        }
    }

    /** At an address or at localhost with a port, the account is in the path; at a host with a name of its own it may be in that. */
    private static boolean endsInOneContainer(URI url) {
        List<String> parts = Arrays.stream(url.getPath().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
        boolean hostNamesTheAccount =
                url.getHost().contains(".") && !ADDRESS.matcher(url.getHost()).matches();
        return url.getRawFragment() == null
                && parts.size() == (url.getPort() < 0 || (hostNamesTheAccount && parts.size() != 2) ? 1 : 2)
                && isContainerName(parts.getLast());
    }

    private void refuseUrl(URI url, String reason) {
        problems.add(
                containerUrl + " is " + shown(url) + ", which " + reason + ". A valid one is " + URL_EXAMPLE + ".");
    }

    private void lookAtSasToken() {
        String token = given.sasToken();
        if (token == null) {
            return;
        }
        if (given.containerUrl() == null) {
            problems.add(sasToken + " is given (its value is secret) without " + containerUrl
                    + ", the container that it is for, as " + URL_EXAMPLE + ".");
        }
        if (!isSigned(token)) {
            problems.add(sasToken + " (its value is secret) has no signature. A valid one looks like "
                    + "sv=2025-01-05&sr=c&sp=rcl&se=2027-01-01T00:00:00Z&sig=....");
        }
    }

    private void lookAtConnectionString() {
        String text = given.connectionString();
        if (text == null) {
            return;
        }
        if (!CONNECTION.matcher(text).find()) {
            problems.add(
                    connectionString
                            + " (its value is secret) names neither an account nor an endpoint. A valid one is "
                            + "DefaultEndpointsProtocol=https;AccountName=myaccount;AccountKey=...;EndpointSuffix=core.windows.net.");
        }
        if (given.container() == null) {
            problems.add(connectionString + " is given (its value is secret) without " + container
                    + ", the name of the container, as " + NAME_EXAMPLE + ".");
        }
    }

    private void lookAtContainer() {
        String name = given.container();
        if (name == null) {
            return;
        }
        if (given.connectionString() == null) {
            problems.add(container + " (" + name + ") is given without " + connectionString + "; with " + containerUrl
                    + " the container is in the URL, as " + URL_EXAMPLE + ".");
        }
        if (!isContainerName(name)) {
            problems.add(container + " is " + name
                    + ", which is no container's name: 3 to 63 lower-case letters, digits and " + "single hyphens, as "
                    + NAME_EXAMPLE + ".");
        }
    }
}
