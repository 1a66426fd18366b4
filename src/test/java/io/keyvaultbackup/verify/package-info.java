@NullMarked
package io.keyvaultbackup.verify;

import org.jspecify.annotations.NullMarked;
