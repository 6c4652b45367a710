/**
 * Policies in OPA's language Rego, evaluated as WebAssembly inside this process. What a policy is given, what it may answer
 * and what is refused is written down in {@code docs/guides/policies.md}.
 */
@NullMarked
package dev.pawl.policy;

import org.jspecify.annotations.NullMarked;
