/** The dashboard's pages: controllers, what their templates show, and what is said where there is no page. */
@NullMarked
package io.keyvaultbackup.dashboard.page;

import org.jspecify.annotations.NullMarked;
