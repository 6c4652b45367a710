package dev.pawl;

import dev.pawl.core.QueueLimit;
import dev.pawl.core.Retry;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.flow.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker in a process of its own, for {@link ManyProcessesTest}. Every body appends a line to a file when it begins
 * and when it ends. Works until its standard input ends, which also happens when the test dies.
 */
final class WorkerProcess {

    /** Shared by everything here: short leases, so that what a dead process held is soon taken over. */
    static final Duration LEASE = Duration.ofSeconds(2);

    static final String QUEUE = "narrow";
    static final int LIMIT = 4;
    private static final int SLOTS = 3;

    private WorkerProcess() {}

    /**
     * Opens the database and works.
     *
     * @param arguments the database, the file to append to, and how many bodies may end before all others hang
     */
    public static void main(String[] arguments) throws IOException {
        var allowed = new AtomicInteger(Integer.parseInt(arguments[2]));
        var flow = flow(new Diary(Path.of(arguments[1]), allowed));
        try (var pawl = Pawl.open(arguments[0], settings(SLOTS), List.of(flow))) {
            System.out.println("works on " + pawl.store().describe());
            while (System.in.read() >= 0) {}
        }
    }

    static Settings settings(int slots) {
        return Settings.DEFAULT
                .worker(WorkerSettings.DEFAULT
                        .slots(slots)
                        .queues(List.of(QUEUE))
                        .lease(LEASE))
                .limits(QueueLimit.running(QUEUE, LIMIT));
    }

    static Flow<List<Integer>, Integer> flow(Diary diary) {
        return Flow.defineList("diary", Integer.class, (f, numbers) -> {
                    var map = f.map("note", Integer.class, numbers, number -> {
                                diary.note("begin", number);
                                diary.hangIfAllowanceIsSpent();
                                diary.note("end", number);
                                return number;
                            })
                            .retry(Retry.times(5));
                    return f.step(
                            "sum",
                            Integer.class,
                            map,
                            all -> all.stream().mapToInt(Integer::intValue).sum());
                })
                .queue(QUEUE);
    }

    /** Appends whole lines, also with several processes at it. */
    record Diary(Path file, AtomicInteger allowed) {

        void note(String what, int number) throws IOException {
            String line = what + " " + number + " " + ProcessHandle.current().pid() + "\n";
            try (var channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            }
        }

        void hangIfAllowanceIsSpent() throws InterruptedException {
            if (allowed.decrementAndGet() < 0) new CountDownLatch(1).await();
        }
    }
}
