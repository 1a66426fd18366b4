/** The ledger, on every database that it supports. */
@NullMarked
package io.keyvaultbackup.ledger;

import org.jspecify.annotations.NullMarked;
