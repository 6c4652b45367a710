package dev.pawl.campaign;

import dev.pawl.campaign.Posting.Book;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An outside system as one has to live with: it applies a call and answers, applies it and the answer is lost, hears nothing,
 * refuses, is late, goes down. What it says is true: whoever was told that a key is not there and will not be finds it closed
 * from then on. It knows nothing of Pawl, and nobody kills it.
 *
 * <p>One line per request and one per answer over loopback TCP; where it does not answer it hangs up.
 */
final class MoodyLedger implements AutoCloseable {

    static final String POST = "post";
    static final String ASK = "ask";

    /** In front of the receipt. */
    static final String DONE = "done ";

    /** Not now. */
    static final String BUSY = "busy";

    /** Not you. */
    static final String FORBIDDEN = "forbidden";

    /** It is at it, and does not know yet. */
    static final String WORKING = "working";

    /** It is not there and will not be. */
    static final String NEVER = "never";

    private static final int BACKLOG = 200;

    /** How long it is late, or down, in milliseconds. */
    private static final int SHORT = 100;

    private static final int LONG = 3_000;

    private static final int DOWN = 1_000;

    private final ServerSocket listener;
    private final Books books;

    /** Serves from now on, and writes everything down in a file of this folder. */
    MoodyLedger(Path folder, long seed) throws IOException {
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        books = new Books(folder.resolve("postings"), new SplittableRandom(seed));
        Thread.ofVirtual().name("ledger").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Everything up to now. */
    List<Posting> postings() {
        return books.all();
    }

    /**
     * What somebody learns who goes there and looks: the receipt, or that it is not there. Then it will not be either.
     */
    OptionalLong truth(Book book, String key) throws InterruptedException {
        return books.truth(book, key);
    }

    // ---- serving --------------------------------------------------------------------------------------------------

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                var out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var answer = answer(line.split(" "), line);
                if (answer == null) return;
                out.println(answer);
            }
        } catch (IOException gone) {
            // Whoever spoke was killed, or has no patience.
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Null to hang up. */
    private @Nullable String answer(String[] words, String line) throws InterruptedException {
        return switch (words[0]) {
            case POST -> post(Book.valueOf(words[1]), words[2], words[3]);
            case ASK -> books.ask(Book.valueOf(words[1]), words[2]);
            default -> books.tell(line);
        };
    }

    private @Nullable String post(Book book, String key, String items) throws InterruptedException {
        var known = books.known(book, key);
        var mood = books.mood(book, key, items);
        if (known != null) return mood == Mood.ANSWERS ? known : null;
        return switch (mood) {
            case ANSWERS -> books.apply(book, key, items);
            case DOES_AND_IS_SILENT -> {
                var unused = books.apply(book, key, items);
                yield null;
            }
            case HEARS_NOTHING, GOES_DOWN -> null;
            case REFUSES -> BUSY;
            case FORBIDS -> FORBIDDEN;
            case ANSWERS_LATE -> {
                var late = books.apply(book, key, items);
                Countdown.rest(books.any(SHORT, LONG));
                yield late;
            }
            case DOES_IT_LATE -> {
                books.begin(key);
                Countdown.rest(books.any(SHORT, LONG));
                yield books.apply(book, key, items);
            }
        };
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    // ---- what it knows --------------------------------------------------------------------------------------------

    /** The books. Everything in one order. */
    private static final class Books {
        private final Path file;
        private final SplittableRandom random;
        private final List<Posting> all = new ArrayList<>();
        private final Map<String, Long> receipts = new HashMap<>();
        private final Set<String> closed = new HashSet<>();

        /** Calls that will be applied later, by their keys. */
        private final List<String> working = new ArrayList<>();

        private long downUntil;

        Books(Path file, SplittableRandom random) {
            this.file = file;
            this.random = random;
        }

        synchronized List<Posting> all() {
            return List.copyOf(all);
        }

        synchronized int any(int from, int to) {
            return random.nextInt(from, to);
        }

        synchronized Mood mood(Book book, String key, String items) {
            var mood = isDown() ? Mood.HEARS_NOTHING : Mood.any(random);
            if (mood == Mood.GOES_DOWN) downUntil = System.currentTimeMillis() + random.nextInt(SHORT, DOWN);
            if (mood != Mood.ANSWERS) note(mood.name(), book, key, items);
            return mood;
        }

        private boolean isDown() {
            return System.currentTimeMillis() < downUntil;
        }

        /** What is said to a call that came before; null if nothing is known of it. */
        synchronized @Nullable String known(Book book, String key) {
            if (book != Book.KEYED) return null;
            var receipt = receipts.get(key);
            if (receipt != null) return DONE + receipt;
            return working.contains(key) ? WORKING : null;
        }

        synchronized void begin(String key) {
            working.add(key);
        }

        synchronized String apply(Book book, String key, String items) {
            working.remove(key);
            notifyAll();
            if (closed.contains(key)) {
                note(Posting.TOO_LATE, book, key, items);
                return NEVER;
            }
            var before = receipts.get(key);
            if (book == Book.KEYED && before != null) return DONE + before;
            long receipt = note(Posting.APPLIED, book, key, items);
            receipts.put(key, receipt);
            return DONE + receipt;
        }

        synchronized @Nullable String ask(Book book, String key) {
            note(Posting.ASKED, book, key, "-");
            if (isDown() || Mood.any(random) != Mood.ANSWERS) return null;
            if (working.contains(key)) return WORKING;
            var receipt = receipts.get(key);
            if (receipt != null) return DONE + receipt;
            close(book, key);
            return NEVER;
        }

        private void close(Book book, String key) {
            if (closed.add(key)) note(Posting.CLOSED, book, key, "-");
        }

        synchronized OptionalLong truth(Book book, String key) throws InterruptedException {
            while (working.contains(key)) wait();
            var receipt = receipts.get(key);
            if (receipt != null) return OptionalLong.of(receipt);
            close(book, key);
            return OptionalLong.empty();
        }

        /** What befell a worker. */
        synchronized String tell(String entry) {
            write("- " + entry);
            return LedgerProcess.OK;
        }

        private long note(String what, Book book, String key, String items) {
            var posting = new Posting(all.size() + 1, System.currentTimeMillis(), what, book, key, items);
            all.add(posting);
            write(posting.toString());
            return posting.seq();
        }

        private void write(String line) {
            try {
                Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException full) {
                throw new java.io.UncheckedIOException(full);
            }
        }
    }
}
