/**
 * The real services that tests run against: Blob Storage as Azurite, and PostgreSQL. One process of each for a test JVM, started
 * when first asked for; every test takes a container or database of its own there.
 */
@NullMarked
package io.keyvaultbackup.testservices;

import org.jspecify.annotations.NullMarked;
