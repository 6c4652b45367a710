package dev.pawl.schedule;

import dev.pawl.spi.BuiltIn;
import dev.pawl.spi.Program;
import java.util.Collection;

/** The schedules of all programs at hand: a process fires what it has the code of. */
public final class SchedulePrograms implements BuiltIn {

    @Override
    public Collection<Program> beside(Collection<Program> given) {
        return given.stream()
                .filter(program -> !(program instanceof ScheduleProgram))
                .<Program>map(ScheduleProgram::new)
                .toList();
    }
}
