/**
 * What every Azure service is reached with: the transport (TLS, time-outs) and the identity. It knows no service: vaults and stores
 * take both from here.
 */
@NullMarked
package io.keyvaultbackup.azure;

import org.jspecify.annotations.NullMarked;
