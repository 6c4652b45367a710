package dev.pawl.examples;

import dev.pawl.core.Retry;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.flow.Flow;
import java.time.Duration;
import java.util.List;

/** The twenty lines of the README. */
final class Quickstart {

    private Quickstart() {}

    record Order(String id, List<String> items) {}

    record Receipt(String order, int items, double total) {}

    static final Flow<Order, Receipt> CHECKOUT = Flow.define("checkout", Order.class, (f, order) -> {
        var items = f.list("items", String.class, order, Order::items);
        var prices =
                f.map("price", Double.class, items, Prices::of).maxParallel(8).retry(Retry.times(5));
        var total = f.step(
                "total",
                Double.class,
                prices,
                all -> all.stream().mapToDouble(d -> d).sum());
        return f.step(
                "receipt",
                Receipt.class,
                order,
                prices,
                total,
                (o, each, sum) -> new Receipt(o.id(), each.size(), sum));
    });

    static Receipt buy(String database, Order order) throws Exception {
        try (var pawl = Pawl.open(database, CHECKOUT)) { // jdbc:sqlite:pawl.db or jdbc:postgresql:…
            return pawl.submit(CHECKOUT, order, Submit.once(order.id())).await(Duration.ofMinutes(5));
        }
    }

    /** Stands for a price service. */
    static final class Prices {
        private Prices() {}

        static double of(String item) {
            return item.length() * 1.5;
        }
    }
}
