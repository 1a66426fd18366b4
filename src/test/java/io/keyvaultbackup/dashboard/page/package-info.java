@NullMarked
package io.keyvaultbackup.dashboard.page;

import org.jspecify.annotations.NullMarked;
