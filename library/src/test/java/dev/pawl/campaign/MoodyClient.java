package dev.pawl.campaign;

import dev.pawl.campaign.Posting.Book;
import dev.pawl.core.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Calls the {@link MoodyLedger}, with a connection for each call. Thread-safe. */
record MoodyClient(int port) {

    /** How long it waits for an answer, in milliseconds. */
    private static final int PATIENCE = 700;

    /** One in so many callers waits for ever; then it is Pawl that loses patience. */
    private static final int FOR_EVER = 3;

    /** Enters something; gives back the receipt. */
    long post(Book book, String key, String items) throws IOException {
        var answer = say(MoodyLedger.POST + " " + book + " " + key + " " + items);
        return switch (answer) {
            case MoodyLedger.BUSY -> throw new Failure.RateLimited("The ledger is busy.", Duration.ofMillis(20));
            case MoodyLedger.FORBIDDEN -> throw new Failure.Permission("The ledger does not let us.");
            default -> receipt(answer);
        };
    }

    /** Enters something once more, under the same key. */
    Optional<Long> postAgain(Book book, String key, String items) throws IOException {
        try {
            return Optional.of(post(book, key, items));
        } catch (Failure refused) {
            throw new IOException("Refused, which says nothing about the first time.", refused);
        }
    }

    /** Asks for the receipt of what was entered under a key. */
    Optional<Long> ask(Book book, String key) throws IOException {
        var answer = say(MoodyLedger.ASK + " " + book + " " + key);
        return answer.equals(MoodyLedger.NEVER) ? Optional.empty() : Optional.of(receipt(answer));
    }

    private static long receipt(String answer) throws IOException {
        if (!answer.startsWith(MoodyLedger.DONE)) throw new IOException("The ledger says: " + answer);
        return Long.parseLong(answer.substring(MoodyLedger.DONE.length()));
    }

    private String say(String what) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
            socket.setSoTimeout(ThreadLocalRandom.current().nextInt(FOR_EVER) == 0 ? 0 : PATIENCE);
            var out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
            out.println(what);
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (answer == null) throw new IOException("The ledger hung up.");
            return answer;
        }
    }
}
