package io.keyvaultbackup.snapshot;

/**
 * Something that was found.
 *
 * @param subject the blob's or manifest's name in the store, or the object
 * @param message for people
 */
public record IntegrityFinding(IntegrityProblem problem, String subject, String message) {}
