@NullMarked
package io.keyvaultbackup.service;

import org.jspecify.annotations.NullMarked;
