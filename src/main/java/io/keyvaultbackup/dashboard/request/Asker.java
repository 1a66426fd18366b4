package io.keyvaultbackup.dashboard.request;

/**
 * Who asks, as the audit log tells of it.
 *
 * @param byWay how they showed who they are: session, token, password
 */
public record Asker(String who, String byWay, String fromAddress) {}
