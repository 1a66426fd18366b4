package io.keyvaultbackup.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From a method and an address to the operation that they mean. */
final class Router {

    static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");

    private Router() {}

    static ApiRequest route(String method, String path, @Nullable String queryText) {
        Map<String, String> query = parse(queryText);
        List<String> parts = List.of(path.substring(1).split("/", -1));
        String collection = parts.getFirst();
        boolean deleted = collection.startsWith("deleted");
        Kind kind = kindOf(deleted ? collection.substring("deleted".length()) : collection);
        String name = parts.size() > 1 ? parts.get(1) : "";
        String third = parts.size() > 2 ? parts.get(2) : "";
        boolean signing = method.equals("POST")
                && parts.size() == 4
                && kind == Kind.KEY
                && parts.get(3).equals("sign");
        if (signing) {
            return new ApiRequest(Operation.SIGN, kind, name, third, query);
        }
        if (kind == null || parts.size() > 3) {
            return new ApiRequest(Operation.UNKNOWN, null, name, "", query);
        }
        Operation operation = deleted ? deletedOperation(method, name, third) : operation(method, kind, name, third);
        boolean versioned = operation == Operation.GET || operation == Operation.UPDATE;
        return new ApiRequest(
                operation, kind, operation == Operation.RESTORE ? "" : name, versioned ? third : "", query);
    }

    private static Operation operation(String method, Kind kind, String name, String third) {
        boolean certificate = kind == Kind.CERTIFICATE;
        return switch (method) {
            case "GET" ->
                name.isEmpty()
                        ? Operation.LIST
                        : switch (third) {
                            case "versions" -> Operation.VERSIONS;
                            case "pending" -> certificate ? Operation.PENDING : Operation.UNKNOWN;
                            case "policy" -> certificate ? Operation.POLICY : Operation.UNKNOWN;
                            default -> Operation.GET;
                        };
            case "PUT" -> third.isEmpty() && !certificate ? put(kind) : Operation.UNKNOWN;
            case "PATCH" -> third.equals("policy") && certificate ? Operation.POLICY : Operation.UPDATE;
            case "DELETE" -> third.isEmpty() ? Operation.DELETE : Operation.UNKNOWN;
            case "POST" ->
                switch (third) {
                    case "" -> name.equals("restore") ? Operation.RESTORE : Operation.UNKNOWN;
                    case "backup" -> Operation.BACKUP;
                    case "create" -> kind == Kind.SECRET ? Operation.UNKNOWN : Operation.CREATE;
                    case "sign" -> kind == Kind.KEY ? Operation.SIGN : Operation.UNKNOWN;
                    case "rotate" -> kind == Kind.KEY ? Operation.CREATE : Operation.UNKNOWN;
                    case "import" -> certificate ? Operation.IMPORT : Operation.UNKNOWN;
                    default -> Operation.UNKNOWN;
                };
            default -> Operation.UNKNOWN;
        };
    }

    private static Operation put(Kind kind) {
        return kind == Kind.SECRET ? Operation.SET : Operation.IMPORT;
    }

    private static Operation deletedOperation(String method, String name, String third) {
        return switch (method) {
            case "GET" -> name.isEmpty() ? Operation.LIST_DELETED : Operation.GET_DELETED;
            case "DELETE" -> Operation.PURGE;
            case "POST" -> third.equals("recover") ? Operation.RECOVER : Operation.UNKNOWN;
            default -> Operation.UNKNOWN;
        };
    }

    private static @Nullable Kind kindOf(String collection) {
        for (Kind kind : Kind.values()) {
            if (kind.collection().equals(collection)) {
                return kind;
            }
        }
        return null;
    }

    private static Map<String, String> parse(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        Map<String, String> parameters = new HashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(decode(part.substring(0, equals)), decode(part.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
