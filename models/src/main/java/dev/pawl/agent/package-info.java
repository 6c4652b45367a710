/** The ports for tools and other agents, as kinds of outside calls; what speaks their protocols comes as connectors. */
@NullMarked
package dev.pawl.agent;

import org.jspecify.annotations.NullMarked;
