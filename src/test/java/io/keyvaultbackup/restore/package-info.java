@NullMarked
package io.keyvaultbackup.restore;

import org.jspecify.annotations.NullMarked;
