/**
 * The only place that sees the SDK of Azure Resource Graph. One query, whose words never change, is asked page by page; the locations' geographies
 * are asked of Azure Resource Manager beside that. What is not an answer becomes a typed failure with the service's own words and request id.
 */
@NullMarked
package io.keyvaultbackup.fleet.azure;

import org.jspecify.annotations.NullMarked;
