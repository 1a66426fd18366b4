/** The description of the JSON API: that the one in the jar is of what is mapped, and that what is answered is as it says. */
@NullMarked
package io.keyvaultbackup.dashboard.openapi;

import org.jspecify.annotations.NullMarked;
