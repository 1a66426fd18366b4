/**
 * The only place that sees the Key Vault SDK. It turns each call of the port into exactly one request, with the SDK's own retries
 * off, and each answer that is not a success into a typed failure with the service's own words and request id.
 */
@NullMarked
package io.keyvaultbackup.vault.azure;

import org.jspecify.annotations.NullMarked;
