package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.Failure;

/**
 * Something that was not done.
 *
 * @param subject what: {@code secret/db-password}, or {@code listing of secrets and keys}
 */
public record Incident(String subject, Failure failure) {}
