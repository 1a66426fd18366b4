@NullMarked
package io.keyvaultbackup.dashboard.live;

import org.jspecify.annotations.NullMarked;
