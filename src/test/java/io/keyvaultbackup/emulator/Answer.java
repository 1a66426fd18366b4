package io.keyvaultbackup.emulator;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is sent for a request: status, headers beside the usual ones, body. */
final class Answer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    Answer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    static Answer json(int status, Object content) {
        return new Answer(status, Map.of(), Json.bytes(content));
    }

    static Answer json(byte[] body) {
        return new Answer(200, Map.of(), body);
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }
}
