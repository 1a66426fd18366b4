/** The JSON API under {@code /api/v1}: what the pages show, under the names that the verbs' JSON lines have. */
@NullMarked
package io.keyvaultbackup.dashboard.api;

import org.jspecify.annotations.NullMarked;
