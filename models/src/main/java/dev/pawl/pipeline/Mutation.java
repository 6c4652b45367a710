package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose change is known: how to ask about it, and what follows.
 *
 * @param <M> what the messages of its first topic carry
 * @param <P> what it prepares
 * @param <R> what the other system gives back
 */
public final class Mutation<M, P, R> {

    private final Preparation<M, P> preparation;
    private final TypeRef<R> result;
    private final Code.Mutate<P, R> code;
    private Code.@Nullable Reconcile<P, R> probe;
    private Reconciling reconciling = Reconciling.DEFAULT;
    private Code.@Nullable Next<P, R> next;

    Mutation(Preparation<M, P> preparation, TypeRef<R> result, Code.Mutate<P, R> code) {
        this.preparation = preparation;
        this.result = result;
        this.code = code;
    }

    /**
     * What to ask the other system when nobody knows whether the change happened. Without it a person is asked at once.
     *
     * @param asks gives the result if it happened, empty if it has not and will not, and throws if it cannot tell yet
     */
    public Mutation<M, P, R> reconcile(Code.Reconcile<P, R> asks) {
        return reconcile(Reconciling.DEFAULT, asks);
    }

    /** The same, saying how often and how long it is asked. */
    public Mutation<M, P, R> reconcile(Reconciling how, Code.Reconcile<P, R> asks) {
        probe = asks;
        reconciling = how;
        return this;
    }

    /** What follows. It always runs, also if there was nothing to change or somebody skipped the change. */
    public Mutation<M, P, R> next(Code.Next<P, R> follows) {
        next = follows;
        return this;
    }

    /** The topics that {@code next} may publish to; if nothing is said, all that the pipeline's consumers read. */
    public Mutation<M, P, R> publishes(Topic<?>... topics) {
        preparation.published().to(topics);
        return this;
    }

    Handler.Consumer<M, P, R> defined(Map<String, Topic<?>> read) {
        return preparation.defined(
                new Handler.Change<>(result, code, probe, reconciling), next, preparation.published(), read);
    }
}
