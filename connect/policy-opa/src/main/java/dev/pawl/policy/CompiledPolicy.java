package dev.pawl.policy;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.MemoryImport;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A policy compiled to bytecode of the JVM, once, which takes most of a second; instances of it are made in a millisecond or
 * two. Immutable and thread-safe.
 */
final class CompiledPolicy {

    private static final Set<String> HOST = Set.of(
            "memory",
            "opa_abort",
            "opa_println",
            "opa_builtin0",
            "opa_builtin1",
            "opa_builtin2",
            "opa_builtin3",
            "opa_builtin4");

    private static final int PAGE = 1 << 16;

    /** Numbers keep all their digits. */
    static final ObjectReader TREES = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    final WasmModule module;
    final Function<Instance, Machine> machines;
    final int firstPages;
    final int mostPages;
    final @Nullable String data;

    private CompiledPolicy(WasmModule module, int firstPages, int mostPages, @Nullable String data) {
        this.module = module;
        // A function that is too large for a method of the JVM is interpreted: slower, and interrupted just the same.
        this.machines = MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.SILENT)
                .compile();
        this.firstPages = firstPages;
        this.mostPages = mostPages;
        this.data = data;
    }

    /**
     * Compiles.
     *
     * @param memory how many bytes an instance may have
     * @throws PolicyRefused if this is not WebAssembly, or not a policy
     */
    static CompiledPolicy of(String name, Source source, long memory) {
        try {
            WasmModule module = Parser.parse(source.wasm);
            var strange = new TreeSet<String>();
            int firstPages = -1;
            for (int i = 0; i < module.importSection().importCount(); i++) {
                var wanted = module.importSection().getImport(i);
                if (!wanted.module().equals("env") || !HOST.contains(wanted.name())) {
                    strange.add(wanted.module() + "." + wanted.name());
                } else if (wanted.importType() == ExternalType.MEMORY) {
                    firstPages = ((MemoryImport) wanted).limits().initialPages();
                }
            }
            if (!strange.isEmpty() || firstPages < 0) {
                throw notOpa(name, strange.isEmpty() ? "it brings its own memory" : "it wants " + strange);
            }
            int mostPages = (int) (memory / PAGE);
            if (firstPages > mostPages) {
                throw new PolicyRefused(name + " needs " + (long) firstPages * PAGE
                        + " bytes to begin with and may have " + memory + ". Give its instances more memory.");
            }
            return new CompiledPolicy(module, firstPages, mostPages, source.data);
        } catch (PolicyRefused e) {
            throw e;
        } catch (RuntimeException e) { // damaged files break the parser in many ways
            throw new PolicyRefused(name + " is not valid WebAssembly: " + e.getMessage(), e);
        }
    }

    static PolicyRefused notOpa(String name, String why) {
        return new PolicyRefused(
                name + " is WebAssembly, but no policy as \"opa build -t wasm\" makes it: " + why + ".");
    }
}
