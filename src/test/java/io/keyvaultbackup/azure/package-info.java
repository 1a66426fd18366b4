@NullMarked
package io.keyvaultbackup.azure;

import org.jspecify.annotations.NullMarked;
