package dev.pawl.engine;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that goes on from another one, with the moments of that one before its own. */
record Grafted(Timeline stock, Timeline scion) implements Timeline {

    private Timeline of(int number) {
        return number < scion.first() ? stock : scion;
    }

    @Override
    public int first() {
        return Math.min(stock.first(), scion.first());
    }

    @Override
    public int last() {
        return scion.last();
    }

    /** Where the two meet it is the other run's step, unless its state was changed. */
    @Override
    public Moment at(int number) {
        boolean meets = number == scion.first() && number <= stock.last() && number >= stock.first();
        if (meets && stock.at(number).hash().equals(scion.at(number).hash())) return stock.at(number);
        return of(number).at(number);
    }

    @Override
    public Json state(int number) {
        return of(number).state(number);
    }

    @Override
    public List<Effect> effects(int number) {
        boolean meets = number == scion.first() && number <= stock.last() && number > stock.first();
        return meets ? stock.effects(number) : of(number).effects(number);
    }

    @Override
    public @Nullable String rest() {
        return scion.rest();
    }
}
