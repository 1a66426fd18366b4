/**
 * Web pages and the JSON API, with which people see how their vaults stand, and ask for what others then do.
 *
 * <p>It reads the job database (the summaries that every run leaves there) and the store's catalogue, and works with either missing. It has no vault: nothing
 * here may hold a client of one, nor a lease, nor anything that removes or protects blobs. What somebody asks for is written into the job database as a
 * request, and done by a Job or a worker process.
 *
 * <p>It is a program of its own in the same jar ({@code io.keyvaultbackup.ServedProgram}): no other verb loads a class of it, of Tomcat or of Spring's web.
 */
@NullMarked
package io.keyvaultbackup.dashboard;

import org.jspecify.annotations.NullMarked;
