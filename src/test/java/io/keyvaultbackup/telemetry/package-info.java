@NullMarked
package io.keyvaultbackup.telemetry;

import org.jspecify.annotations.NullMarked;
