package dev.pawl.flow;

import dev.pawl.io.Io;
import dev.pawl.json.TypeRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the lambda of {@link Flow#define} adds the steps of its flow. Every step has a name, its identity in the
 * database: a letter or underscore, then letters, digits, underscores and dashes, at most 128 characters. Not to be used
 * after the lambda has returned. The map with typed dependencies follows pgflow.
 */
public final class Steps {

    private final String flow;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean closed;

    Steps(String flow) {
        this.flow = flow;
    }

    /** A step that runs once, given one source. */
    public <A, R> Step<R> step(String name, Class<R> type, Source<A> source, Fn1<? super A, ? extends R> code) {
        return step(name, TypeRef.of(type), source, code);
    }

    /** The same for a generic type. */
    public <A, R> Step<R> step(String name, TypeRef<R> type, Source<A> source, Fn1<? super A, ? extends R> code) {
        return step(name, type, List.of(source), in -> code.apply(in.get(source)));
    }

    /** A step that runs once, given two sources. */
    public <A, B, R> Step<R> step(
            String name,
            Class<R> type,
            Source<A> first,
            Source<B> second,
            Fn2<? super A, ? super B, ? extends R> code) {
        return step(name, TypeRef.of(type), first, second, code);
    }

    /** The same for a generic type. */
    public <A, B, R> Step<R> step(
            String name,
            TypeRef<R> type,
            Source<A> first,
            Source<B> second,
            Fn2<? super A, ? super B, ? extends R> code) {
        return step(name, type, List.of(first, second), in -> code.apply(in.get(first), in.get(second)));
    }

    /** A step that runs once, given three sources. */
    public <A, B, C, R> Step<R> step(
            String name,
            Class<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Fn3<? super A, ? super B, ? super C, ? extends R> code) {
        return step(name, TypeRef.of(type), first, second, third, code);
    }

    /** The same for a generic type. */
    public <A, B, C, R> Step<R> step(
            String name,
            TypeRef<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Fn3<? super A, ? super B, ? super C, ? extends R> code) {
        return step(
                name,
                type,
                List.of(first, second, third),
                in -> code.apply(in.get(first), in.get(second), in.get(third)));
    }

    /** A step that runs once, given four sources. */
    public <A, B, C, D, R> Step<R> step(
            String name,
            Class<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Fn4<? super A, ? super B, ? super C, ? super D, ? extends R> code) {
        return step(name, TypeRef.of(type), first, second, third, fourth, code);
    }

    /** The same for a generic type. */
    public <A, B, C, D, R> Step<R> step(
            String name,
            TypeRef<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Fn4<? super A, ? super B, ? super C, ? super D, ? extends R> code) {
        return step(
                name,
                type,
                List.of(first, second, third, fourth),
                in -> code.apply(in.get(first), in.get(second), in.get(third), in.get(fourth)));
    }

    /** A step that runs once, given five sources. */
    public <A, B, C, D, E, R> Step<R> step(
            String name,
            Class<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Source<E> fifth,
            Fn5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> code) {
        return step(name, TypeRef.of(type), first, second, third, fourth, fifth, code);
    }

    /** The same for a generic type. */
    public <A, B, C, D, E, R> Step<R> step(
            String name,
            TypeRef<R> type,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Source<E> fifth,
            Fn5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> code) {
        return step(
                name,
                type,
                List.of(first, second, third, fourth, fifth),
                in -> code.apply(in.get(first), in.get(second), in.get(third), in.get(fourth), in.get(fifth)));
    }

    /** A step that runs once and hands on a list, given one source. */
    public <A, T> ListStep<T> list(String name, Class<T> item, Source<A> source, Fn1<? super A, List<T>> code) {
        return list(name, TypeRef.of(item), source, code);
    }

    /** The same for a generic type. */
    public <A, T> ListStep<T> list(String name, TypeRef<T> item, Source<A> source, Fn1<? super A, List<T>> code) {
        return list(name, item, List.of(source), in -> code.apply(in.get(source)));
    }

    /** A step that runs once and hands on a list, given two sources. */
    public <A, B, T> ListStep<T> list(
            String name, Class<T> item, Source<A> first, Source<B> second, Fn2<? super A, ? super B, List<T>> code) {
        return list(name, TypeRef.of(item), first, second, code);
    }

    /** The same for a generic type. */
    public <A, B, T> ListStep<T> list(
            String name, TypeRef<T> item, Source<A> first, Source<B> second, Fn2<? super A, ? super B, List<T>> code) {
        return list(name, item, List.of(first, second), in -> code.apply(in.get(first), in.get(second)));
    }

    /** A step that runs once and hands on a list, given three sources. */
    public <A, B, C, T> ListStep<T> list(
            String name,
            Class<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Fn3<? super A, ? super B, ? super C, List<T>> code) {
        return list(name, TypeRef.of(item), first, second, third, code);
    }

    /** The same for a generic type. */
    public <A, B, C, T> ListStep<T> list(
            String name,
            TypeRef<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Fn3<? super A, ? super B, ? super C, List<T>> code) {
        return list(
                name,
                item,
                List.of(first, second, third),
                in -> code.apply(in.get(first), in.get(second), in.get(third)));
    }

    /** A step that runs once and hands on a list, given four sources. */
    public <A, B, C, D, T> ListStep<T> list(
            String name,
            Class<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Fn4<? super A, ? super B, ? super C, ? super D, List<T>> code) {
        return list(name, TypeRef.of(item), first, second, third, fourth, code);
    }

    /** The same for a generic type. */
    public <A, B, C, D, T> ListStep<T> list(
            String name,
            TypeRef<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Fn4<? super A, ? super B, ? super C, ? super D, List<T>> code) {
        return list(
                name,
                item,
                List.of(first, second, third, fourth),
                in -> code.apply(in.get(first), in.get(second), in.get(third), in.get(fourth)));
    }

    /** A step that runs once and hands on a list, given five sources. */
    public <A, B, C, D, E, T> ListStep<T> list(
            String name,
            Class<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Source<E> fifth,
            Fn5<? super A, ? super B, ? super C, ? super D, ? super E, List<T>> code) {
        return list(name, TypeRef.of(item), first, second, third, fourth, fifth, code);
    }

    /** The same for a generic type. */
    public <A, B, C, D, E, T> ListStep<T> list(
            String name,
            TypeRef<T> item,
            Source<A> first,
            Source<B> second,
            Source<C> third,
            Source<D> fourth,
            Source<E> fifth,
            Fn5<? super A, ? super B, ? super C, ? super D, ? super E, List<T>> code) {
        return list(
                name,
                item,
                List.of(first, second, third, fourth, fifth),
                in -> code.apply(in.get(first), in.get(second), in.get(third), in.get(fourth), in.get(fifth)));
    }
    /** A step that runs once, given any number of sources: {@code all -> all.get(page) + all.get(score)}. */
    public <R> Step<R> step(
            String name, Class<R> type, List<? extends Source<?>> sources, Fn1<Inputs, ? extends R> code) {
        return step(name, TypeRef.of(type), sources, code);
    }

    /** The same for a generic type. */
    public <R> Step<R> step(
            String name, TypeRef<R> type, List<? extends Source<?>> sources, Fn1<Inputs, ? extends R> code) {
        return new Step<>(add(name, Node.Kind.STEP, type, new Body.Once(sources, code), sources), type);
    }

    /** A step that runs once and hands on a list, given any number of sources. */
    public <T> ListStep<T> list(
            String name, Class<T> item, List<? extends Source<?>> sources, Fn1<Inputs, List<T>> code) {
        return list(name, TypeRef.of(item), sources, code);
    }

    /** The same for a generic type. */
    public <T> ListStep<T> list(
            String name, TypeRef<T> item, List<? extends Source<?>> sources, Fn1<Inputs, List<T>> code) {
        var body = new Body.Once(sources, code);
        return new ListStep<>(add(name, Node.Kind.LIST, TypeRef.listOf(item), body, sources), item);
    }

    /** A step that runs once for each element of a list. */
    public <E, R> MapStep<R> map(String name, Class<R> type, ListSource<E> list, Fn1<? super E, ? extends R> code) {
        return map(name, TypeRef.of(type), list, code);
    }

    /** The same for a generic type. */
    public <E, R> MapStep<R> map(String name, TypeRef<R> type, ListSource<E> list, Fn1<? super E, ? extends R> code) {
        return mapIndexed(name, type, list, (element, place) -> code.apply(element));
    }

    /** A step that runs once for each element of a list and is told which one it is. */
    public <E, R> MapStep<R> mapIndexed(
            String name, Class<R> type, ListSource<E> list, Fn2<? super E, Item, ? extends R> code) {
        return mapIndexed(name, TypeRef.of(type), list, code);
    }

    /** The same for a generic type. */
    public <E, R> MapStep<R> mapIndexed(
            String name, TypeRef<R> type, ListSource<E> list, Fn2<? super E, Item, ? extends R> code) {
        return map(
                name,
                type,
                list,
                new Body.Each<>(DerivedList.item(list), (element, place, io) -> code.apply(element, place)));
    }

    /**
     * A step that runs once and asks things of the outside through its second argument, so that they are recorded: what is
     * done is not done again when the step is tried again, and what must not happen twice does not.
     */
    public <A, R> Step<R> ioStep(String name, Class<R> type, Source<A> source, Fn2<? super A, Io, ? extends R> code) {
        return ioStep(name, TypeRef.of(type), source, code);
    }

    /** The same for a generic type. For more sources there is {@link Inputs#io()}. */
    public <A, R> Step<R> ioStep(String name, TypeRef<R> type, Source<A> source, Fn2<? super A, Io, ? extends R> code) {
        return recording(step(name, type, List.of(source), in -> code.apply(in.get(source), in.io())));
    }

    /** A step that runs once, asks things of the outside through its second argument, and hands on a list. */
    public <A, T> ListStep<T> ioList(String name, Class<T> item, Source<A> source, Fn2<? super A, Io, List<T>> code) {
        return ioList(name, TypeRef.of(item), source, code);
    }

    /** The same for a generic type. */
    public <A, T> ListStep<T> ioList(String name, TypeRef<T> item, Source<A> source, Fn2<? super A, Io, List<T>> code) {
        return recording(list(name, item, List.of(source), in -> code.apply(in.get(source), in.io())));
    }

    /** A step that runs once for each element of a list and asks things of the outside through its second argument. */
    public <E, R> MapStep<R> ioMap(
            String name, Class<R> type, ListSource<E> list, Fn2<? super E, Io, ? extends R> code) {
        return ioMap(name, TypeRef.of(type), list, code);
    }

    /** The same for a generic type. */
    public <E, R> MapStep<R> ioMap(
            String name, TypeRef<R> type, ListSource<E> list, Fn2<? super E, Io, ? extends R> code) {
        return recording(map(
                name,
                type,
                list,
                new Body.Each<>(DerivedList.item(list), (element, place, io) -> code.apply(element, io.get()))));
    }

    private static <S extends AnyStep<?, ?>> S recording(S step) {
        step.node().recording = true;
        return step;
    }

    private <E, R> MapStep<R> map(String name, TypeRef<R> type, ListSource<E> list, Body.Each<E> body) {
        return new MapStep<>(add(name, Node.Kind.MAP, type, body, List.of(list)), type);
    }

    /**
     * The list 0 … size - 1, to map over: the same work so many times.
     *
     * @throws DefinitionException if the size is negative
     */
    public ListSource<Integer> range(int size) {
        if (size < 0) throw new DefinitionException(label() + " has a range of " + size + "; it must not be negative.");
        var item = TypeRef.of(Integer.class);
        return new DerivedList<>(new Wire.Range(size, TypeRef.listOf(item)), item);
    }

    private Node add(String name, Node.Kind kind, TypeRef<?> type, Body body, List<? extends Source<?>> sources) {
        requireOpen(name);
        Names.require(label() + " has a step", name);
        if (!names.add(name)) {
            throw new DefinitionException(
                    label() + " has two steps named \"" + name + "\"; step names are unique within a flow.");
        }
        var wires = sources.stream().<Wire>map(Wire::of).toList();
        var node = new Node(this, nodes.size(), name, kind, type, body, wires);
        nodes.add(node);
        return node;
    }

    void requireOpen(String step) {
        if (closed) {
            throw new DefinitionException(
                    label() + " is defined already; step \"" + step + "\" must be added and set up inside its lambda.");
        }
    }

    /** The graph of all steps, which nothing can be added to from now on. */
    Dag close(Source<?> result) {
        closed = true;
        return Dag.of(label(), this, List.copyOf(nodes), Wire.of(result));
    }

    private String label() {
        return "Flow \"" + flow + '"';
    }
}
