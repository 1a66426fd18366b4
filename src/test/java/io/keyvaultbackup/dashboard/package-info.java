@NullMarked
package io.keyvaultbackup.dashboard;

import org.jspecify.annotations.NullMarked;
