package dev.pawl.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body while it streams and stops at a limit: what is too large is never held in memory. Used by one answer, one
 * signal at a time, as reactive streams have it.
 */
final class Cutoff implements HttpResponse.BodySubscriber<byte[]> {

    private final long limit;
    private final boolean failing;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /** @param failing whether a larger body is a failure; else its beginning is all that is wanted */
    Cutoff(long limit, boolean failing) {
        this.limit = limit;
        this.failing = failing;
    }

    /** A body over the limit. */
    static final class TooLarge extends IOException {
        TooLarge(long limit) {
            super("more than " + limit + " bytes");
        }
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone() || subscription == null) return;
        for (ByteBuffer buffer : buffers) {
            int room = (int) Math.min(limit - bytes.size(), buffer.remaining());
            boolean over = room < buffer.remaining();
            var part = new byte[room];
            buffer.get(part);
            bytes.writeBytes(part);
            if (over) {
                subscription.cancel();
                if (failing) body.completeExceptionally(new TooLarge(limit));
                else body.complete(bytes.toByteArray());
                return;
            }
        }
        subscription.request(1);
    }

    @Override
    public void onError(Throwable broken) {
        body.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
