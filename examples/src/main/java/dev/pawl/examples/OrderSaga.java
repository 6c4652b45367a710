package dev.pawl.examples;

import dev.pawl.core.Failure;
import dev.pawl.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A saga: an order that takes from the stock, charges a card and ships. What cannot be finished is undone, the last thing
 * first, also when somebody cancels the run or the machine dies in the middle of undoing.
 *
 * <p>The shop is a folder: {@code stock/ORDER} is a reservation, {@code payments.csv} the bank's book, {@code
 * shipped/ORDER} a parcel.
 */
public final class OrderSaga {

    /** @param address where to ship to; without one nothing can be shipped */
    public record Order(String shop, String id, String item, int cents, String address) {}

    /** What the customer gets. */
    public record Confirmation(String order, String payment, String parcel) {}

    /** The job. */
    public static final Job<Order, Confirmation> JOB =
            Job.define("order-saga", Order.class, Confirmation.class, (job, order) -> {
                var shop = new Shop(Path.of(order.shop()));

                // What undoes a step is said before it: whatever happens in between, it will be undone.
                job.compensate("release", () -> shop.release(order));
                job.call("reserve", () -> shop.reserve(order));

                job.compensate("refund", () -> shop.refund(order));
                String payment = job.once(
                        "charge", String.class, key -> shop.charge(order, key), key -> shop.findPayment(order, key));

                String parcel = job.call("ship", String.class, () -> shop.ship(order));
                return new Confirmation(order.id(), payment, parcel);
            });

    private OrderSaga() {}

    /** The outside: each change is a file. */
    private record Shop(Path folder) {

        void reserve(Order order) throws IOException {
            Files.createDirectories(folder.resolve("stock"));
            Files.writeString(folder.resolve("stock").resolve(order.id()), order.item());
        }

        void release(Order order) throws IOException {
            Files.deleteIfExists(folder.resolve("stock").resolve(order.id()));
        }

        /** The bank books a key only once. */
        String charge(Order order, String key) throws IOException {
            if (order.cents() > 100_000) throw new Failure.Logic("The card was declined.");
            if (findPayment(order, key).isEmpty()) book("charge", order, key);
            return key;
        }

        Optional<String> findPayment(Order order, String key) throws IOException {
            var book = folder.resolve("payments.csv");
            if (!Files.exists(book)) return Optional.empty();
            return Files.readAllLines(book).contains(line("charge", order, key)) ? Optional.of(key) : Optional.empty();
        }

        void refund(Order order) throws IOException {
            var book = folder.resolve("payments.csv");
            if (!Files.exists(book)) return;
            var lines = Files.readAllLines(book);
            boolean charged = lines.stream().anyMatch(line -> line.startsWith("charge," + order.id() + ","));
            boolean refunded = lines.stream().anyMatch(line -> line.startsWith("refund," + order.id() + ","));
            if (charged && !refunded) book("refund", order, "");
        }

        String ship(Order order) throws IOException {
            if (order.address().isBlank()) throw new Failure.Logic("Order " + order.id() + " has no address.");
            Files.createDirectories(folder.resolve("shipped"));
            var parcel = folder.resolve("shipped").resolve(order.id());
            Files.writeString(parcel, order.item() + " to " + order.address());
            return parcel.toString();
        }

        private void book(String what, Order order, String key) throws IOException {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("payments.csv"),
                    line(what, order, key) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private static String line(String what, Order order, String key) {
            return what + "," + order.id() + "," + order.cents() + "," + key;
        }
    }
}
