@NullMarked
package io.keyvaultbackup.retention;

import org.jspecify.annotations.NullMarked;
