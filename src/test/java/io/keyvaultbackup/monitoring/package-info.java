@NullMarked
package io.keyvaultbackup.monitoring;

import org.jspecify.annotations.NullMarked;
