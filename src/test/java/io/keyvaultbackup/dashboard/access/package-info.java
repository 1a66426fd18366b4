/** Who gets to the dashboard, and what it tells whom, over HTTP as a browser or a script would do it. */
@NullMarked
package io.keyvaultbackup.dashboard.access;

import org.jspecify.annotations.NullMarked;
