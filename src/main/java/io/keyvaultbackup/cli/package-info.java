/**
 * The command line: one class per verb, its options and its words. A verb turns options into properties, starts the application
 * context, calls the core, and prints text or JSON lines. No verb knows the Key Vault or Blob SDK, Spring Batch or SQL.
 */
@NullMarked
package io.keyvaultbackup.cli;

import org.jspecify.annotations.NullMarked;
