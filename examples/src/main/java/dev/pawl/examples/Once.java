package dev.pawl.examples;

import dev.pawl.core.RunId;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.flow.Flow;

/** Idempotent submit: the same key gives the same run for ever, so a caller that is not sure simply submits again. */
public final class Once {

    /** An order. */
    public record Order(String number, String mail) {}

    /** The flow. */
    public static final Flow<Order, String> FLOW = Flow.define(
            "once", Order.class, (f, order) -> f.step("confirm", String.class, order, o -> "confirmed to " + o.mail()));

    private Once() {}

    /** Confirms an order; however often and by whomever this is called, it is done once. */
    public static RunId confirm(Pawl pawl, Order order) {
        Handle<String> handle = pawl.submit(FLOW, order, Submit.once(order.number()));
        return handle.id();
    }
}
