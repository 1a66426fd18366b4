/**
 * The Key Vault emulator: a real HTTPS server that the real Azure SDK talks to, one port per vault. It follows the facts page
 * (docs/keyvault-facts.md), never the code under test, and knows nothing of the packages under {@code src/main}.
 */
@NullMarked
package io.keyvaultbackup.emulator;

import org.jspecify.annotations.NullMarked;
