/** The one dependency of an application: this jar holds no code and brings kernel, models and store. */
@org.jspecify.annotations.NullMarked
package dev.pawl;
