package io.keyvaultbackup.vault.azure;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Base64Variant;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the bodies of answers against what the service's API describes. */
final class Answers {

    /** With or without padding. */
    private static final Base64Variant BASE64URL = new Base64Variant(
                    "base64url",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                    true,
                    '=',
                    Integer.MAX_VALUE)
            .withPaddingAllowed();

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    /** What stands around the blob in the usual answer: {@code {"value":"…"}}. */
    private static final int AROUND = 12;

    private Answers() {}

    /**
     * Bytes of heap while an answer of this length is decoded: its blob, 3/4 of it, and as much again for a copy if the answer is
     * written otherwise than usual. Measured with blobs of 16 MB, 32 threads and a budget of 64 MB (24 November 2026): -Xmx72m was
     * enough for the whole program, -Xmx64m was not.
     */
    static long heapFor(long length) {
        return length * 3 / 2;
    }

    /**
     * The blob of a backup's answer, decoded piece by piece.
     *
     * @param length of the answer, or -1 if unknown
     */
    static byte[] backup(InputStream body, long length) throws IOException {
        Blob blob = new Blob(Math.clamp((length - AROUND) * 3 / 4, 32, Integer.MAX_VALUE - 8));
        boolean found = false;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw corrupt("backup call", "no JSON object", null);
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!found && name.equals("value") && value == JsonToken.VALUE_STRING) {
                    parser.readBinaryValue(BASE64URL, blob);
                    found = true;
                } else {
                    parser.skipChildren();
                }
            }
            if (!found || blob.size() == 0 || parser.nextToken() != null) {
                throw corrupt("backup call", "JSON without a backup", null);
            }
            return blob.bytes();
        } catch (JacksonException failed) {
            if (failed.getCause() instanceof IOException cutOff) {
                throw cutOff;
            }
            throw corrupt("backup call", "no JSON, or no base64url in it", failed);
        }
    }

    /** The body itself, if it is a page of a listing. */
    static byte[] listing(byte[] body) {
        page(body);
        return body;
    }

    /** A page of a listing, each of whose items has an id. */
    static JsonNode page(byte[] body) {
        try {
            JsonNode page = JSON.readTree(body);
            JsonNode next = page.path("nextLink");
            if (!page.path("value").isArray() || !(next.isString() || next.isNull() || next.isMissingNode())) {
                throw corrupt("listing", "JSON without a list", null);
            }
            for (JsonNode item : page.path("value")) {
                if (!item.path("id").isString() && !item.path("kid").isString()) {
                    throw corrupt("listing", "a list with an item that has no id", null);
                }
            }
            return page;
        } catch (JacksonException failed) {
            throw corrupt("listing", "no JSON", failed);
        }
    }

    /**
     * An object, in the form of any kind: it names itself, a key within itself.
     *
     * @throws VaultException for anything else
     */
    static void requireObject(byte[] body) {
        try {
            JsonNode object = JSON.readTree(body);
            if (!object.path("id").isString() && !object.path("key").path("kid").isString()) {
                throw corrupt("call", "JSON that names no object", null);
            }
        } catch (JacksonException failed) {
            throw corrupt("call", "no JSON", failed);
        }
    }

    static VaultException cutOff(IOException failed) {
        return new VaultException(
                Failure.of(FailureReason.CORRUPT_ANSWER, "the answer was cut off: the connection ended before it did"),
                failed);
    }

    static VaultException corrupt(String call, String what, @Nullable Throwable cause) {
        return new VaultException(
                Failure.of(
                        FailureReason.CORRUPT_ANSWER,
                        "the answer to the " + call + " is not what the service's API describes, but " + what),
                cause);
    }

    /** Gives its bytes away without a copy if it was made as large as they are. */
    private static final class Blob extends ByteArrayOutputStream {

        Blob(int size) {
            super(size);
        }

        byte[] bytes() {
            return count == buf.length ? buf : Arrays.copyOf(buf, count);
        }
    }
}
