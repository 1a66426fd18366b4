@NullMarked
package io.keyvaultbackup.dashboard.view;

import org.jspecify.annotations.NullMarked;
