/** What {@code ./mvnw spring-boot:test-run} shows: a whole backup, of an emulated vault into a real store, and what it looks like. */
@NullMarked
package io.keyvaultbackup.demo;

import org.jspecify.annotations.NullMarked;
