package io.keyvaultbackup.testservices;

import io.keyvaultbackup.testservices.KeptVersions.Version;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The answer to <a href="https://learn.microsoft.com/rest/api/storageservices/list-blobs">List Blobs</a>: what is told only where it is included. */
final class VersionListing {

    private static final int LARGEST_PAGE = 5_000;

    private final KeptVersions kept;
    private final Map<String, String> query;
    private final Set<String> include;

    VersionListing(KeptVersions kept, Map<String, String> query) {
        this.kept = kept;
        this.query = query;
        this.include = Arrays.stream(query.getOrDefault("include", "").split(","))
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    byte[] xml() {
        List<Version> all = kept.startingWith(query.getOrDefault("prefix", "")).stream()
                .filter(version -> version.current || include.contains("versions"))
                .toList();
        int from = Integer.parseInt("0" + query.getOrDefault("marker", ""));
        int size = query.containsKey("maxresults") ? Integer.parseInt(query.get("maxresults")) : LARGEST_PAGE;
        int to = Math.min(all.size(), from + size);
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>");
        all.subList(Math.min(from, all.size()), to).forEach(version -> append(xml, version));
        xml.append("</Blobs><NextMarker>")
                .append(to < all.size() ? to : "")
                .append("</NextMarker></EnumerationResults>");
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void append(StringBuilder xml, Version version) {
        xml.append("<Blob>").append(element("Name", version.name));
        if (include.contains("versions") && version.id != null) {
            xml.append(element("VersionId", version.id));
            if (version.current) {
                xml.append(element("IsCurrentVersion", "true"));
            }
        }
        xml.append("<Properties>")
                .append(element("Last-Modified", version.headers.getOrDefault("Last-Modified", "")))
                .append(element("Etag", version.headers.getOrDefault("ETag", "").replace("\"", "")))
                .append(element("Content-Length", String.valueOf(version.bytes.length)))
                .append(element("Content-Type", version.headers.getOrDefault("Content-Type", "")))
                .append(element("BlobType", "BlockBlob"));
        if (include.contains("immutabilitypolicy") && version.until != null) {
            xml.append(element("ImmutabilityPolicyUntilDate", ImmutableStorage.text(version.until)))
                    .append(element(
                            "ImmutabilityPolicyMode",
                            String.valueOf(version.mode).toLowerCase(Locale.ROOT)));
        }
        if (include.contains("legalhold") && version.legalHold) {
            xml.append(element("LegalHold", "true"));
        }
        xml.append("</Properties>");
        if (include.contains("metadata")) {
            xml.append("<Metadata>");
            version.headers.forEach((name, value) -> {
                if (name.toLowerCase(Locale.ROOT).startsWith("x-ms-meta-")) {
                    xml.append(element(name.substring("x-ms-meta-".length()).toLowerCase(Locale.ROOT), value));
                }
            });
            xml.append("</Metadata>");
        }
        xml.append("</Blob>");
    }

    private static String element(String name, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<" + name + ">" + escaped + "</" + name + ">";
    }
}
