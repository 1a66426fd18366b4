@NullMarked
package io.keyvaultbackup.dashboard.request;

import org.jspecify.annotations.NullMarked;
