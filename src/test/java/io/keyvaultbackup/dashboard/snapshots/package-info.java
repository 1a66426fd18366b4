@NullMarked
package io.keyvaultbackup.dashboard.snapshots;

import org.jspecify.annotations.NullMarked;
