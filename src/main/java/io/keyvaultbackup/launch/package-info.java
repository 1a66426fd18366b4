/**
 * What runs before Spring Boot's loader. A copy of this package lies at the root of the jar, beside the loader: it sees the JDK and
 * itself, and neither the libraries nor the rest of the program. What both need, such as the version, is here. Where the jar was taken apart
 * (the image), there is no loader, and the program asks here first.
 */
@NullMarked
package io.keyvaultbackup.launch;

import org.jspecify.annotations.NullMarked;
