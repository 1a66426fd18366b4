@NullMarked
package io.keyvaultbackup.fleet;

import org.jspecify.annotations.NullMarked;
