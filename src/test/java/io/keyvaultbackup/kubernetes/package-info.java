/**
 * The manifests of {@code k8s/}: built by kubectl, read strictly, and their containers' commands run. Not null-marked: every field of
 * Kubernetes' models may be missing, and one that is looked for and missing is to fail the test.
 */
@NullUnmarked
package io.keyvaultbackup.kubernetes;

import org.jspecify.annotations.NullUnmarked;
