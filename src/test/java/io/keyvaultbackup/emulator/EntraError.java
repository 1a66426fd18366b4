package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An error as Entra ID's token endpoint words it. */
record EntraError(int status, String error, long code, String message) {

    Answer answer(Instant now) {
        String trace = UUID.randomUUID().toString();
        String correlation = UUID.randomUUID().toString();
        String timestamp = now.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put(
                "error_description",
                "AADSTS" + code + ": " + message + " Trace ID: " + trace + " Correlation ID: " + correlation
                        + " Timestamp: " + timestamp);
        body.put("error_codes", List.of(code));
        body.put("timestamp", timestamp);
        body.put("trace_id", trace);
        body.put("correlation_id", correlation);
        body.put("error_uri", "https://login.microsoftonline.com/error?code=" + code);
        return Answer.json(status, body).withHeader("Content-Type", "application/json; charset=utf-8");
    }

    static EntraError secret(String clientId, boolean expired) {
        return expired
                ? new EntraError(
                        401,
                        "invalid_client",
                        7000222,
                        "The provided client secret keys for app '" + clientId
                                + "' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.")
                : new EntraError(
                        401,
                        "invalid_client",
                        7000215,
                        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '"
                                + clientId + "'.");
    }

    static EntraError tenant(String tenant) {
        return new EntraError(
                400,
                "invalid_request",
                90002,
                "Tenant '" + tenant
                        + "' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");
    }

    static EntraError application(String clientId, String tenant) {
        return new EntraError(
                400,
                "unauthorized_client",
                700016,
                "Application with identifier '" + clientId + "' was not found in the directory '" + tenant
                        + "'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.");
    }

    static EntraError assertion(String clientId) {
        return new EntraError(
                401,
                "invalid_client",
                700213,
                "No matching federated identity record found for presented assertion of app '" + clientId
                        + "'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.");
    }

    static EntraError noCredential() {
        return new EntraError(
                401,
                "invalid_client",
                7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
    }

    static EntraError malformed(String what) {
        return new EntraError(400, "invalid_request", 900144, "The request body must contain: '" + what + "'.");
    }
}
