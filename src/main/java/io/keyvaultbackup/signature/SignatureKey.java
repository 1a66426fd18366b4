package io.keyvaultbackup.signature;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The public key that every manifest's signature is to fit.
 *
 * @param key null where none is asked for
 */
public record SignatureKey(@Nullable PublicKey key) {}
