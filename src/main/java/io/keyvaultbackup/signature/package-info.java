/**
 * Signatures of manifests: detached JWS (RFC 7515, appendix F) with an unencoded payload (RFC 7797), ES256. Who signs is a port; a key in
 * a file is here, one in a vault in {@code vault.azure}. Nothing here knows what a manifest is: bytes are signed.
 */
@NullMarked
package io.keyvaultbackup.signature;

import org.jspecify.annotations.NullMarked;
