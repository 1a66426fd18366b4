package io.keyvaultbackup.emulator;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. Strings may be as long as the largest backup blob. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private Json() {}

    static byte[] bytes(Object content) {
        return MAPPER.writeValueAsBytes(content);
    }

    /** The body of a request; an empty one counts as an empty object. */
    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
        } catch (JacksonException malformed) {
            throw new ServiceException(ServiceError.badParameter("The request body is not valid JSON."));
        }
    }
}
