/**
 * The application: one main class, and nothing else. What it does lives in the packages below, by feature: {@code cli} and
 * {@code backup} are features; {@code run}, {@code snapshot}, {@code ledger}, {@code pacing}, {@code pipeline}, {@code vault} and
 * {@code store} are the core. Features depend on the core, never the other way, and never on each other.
 */
@NullMarked
package io.keyvaultbackup;

import org.jspecify.annotations.NullMarked;
