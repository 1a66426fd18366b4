@NullMarked
package io.keyvaultbackup.signature;

import org.jspecify.annotations.NullMarked;
