/** How values of Java become JSON and back, shared by all models. */
@NullMarked
package dev.pawl.json;

import org.jspecify.annotations.NullMarked;
