@NullMarked
package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.NullMarked;
