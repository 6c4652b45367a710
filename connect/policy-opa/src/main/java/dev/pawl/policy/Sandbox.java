package dev.pawl.policy;

import dev.pawl.core.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportMemory;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.ValType;
import tools.jackson.databind.JsonNode;

/**
 * One instance of a policy with its own memory. Not thread-safe, and of no use any more once an evaluation was interrupted
 * or failed.
 *
 * <p>It speaks version 1 of OPA's ABI (openpolicyagent.org, "Wasm"). Each evaluation begins with a heap that ends behind
 * the data, so nothing of one is there in the next. Not by {@code opa_eval}, which does all in one call, but takes an input
 * that it cannot parse for none.
 */
final class Sandbox {

    /** An instance that has grown by more than this is not worth keeping: 16 MiB. */
    private static final int SPARE_PAGES = 256;

    private final Memory memory;
    private final ExportFunction malloc;
    private final ExportFunction heap;
    private final ExportFunction heapIs;
    private final ExportFunction parse;
    private final ExportFunction print;
    private final ExportFunction newContext;
    private final ExportFunction setInput;
    private final ExportFunction setData;
    private final ExportFunction setEntrypoint;
    private final ExportFunction eval;
    private final ExportFunction result;

    private final Map<Integer, String> builtins = new HashMap<>();
    private final Map<String, Integer> entrypoints;
    private final int data;
    private final int heapBehindData;
    private final int pages;

    /**
     * Makes one.
     *
     * @throws RuntimeException if the module does not fit the ABI, or the data the memory
     */
    Sandbox(CompiledPolicy policy) {
        memory = new ByteArrayMemory(new MemoryLimits(policy.firstPages, policy.mostPages));
        Instance instance = Instance.builder(policy.module)
                .withMachineFactory(policy.machines)
                .withImportValues(host())
                .build();
        malloc = instance.export("opa_malloc");
        heap = instance.export("opa_heap_ptr_get");
        heapIs = instance.export("opa_heap_ptr_set");
        parse = instance.export("opa_json_parse");
        print = instance.export("opa_json_dump");
        long version = instance.exports().global("opa_wasm_abi_version").getValue();
        long minor = instance.exports().global("opa_wasm_abi_minor_version").getValue();
        if (version != 1) {
            throw new IllegalArgumentException("it is made for version " + version + "." + minor
                    + " of OPA's ABI, and this host speaks version 1");
        }
        newContext = instance.export("opa_eval_ctx_new");
        setInput = instance.export("opa_eval_ctx_set_input");
        setData = instance.export("opa_eval_ctx_set_data");
        setEntrypoint = instance.export("opa_eval_ctx_set_entrypoint");
        eval = instance.export("eval");
        result = instance.export("opa_eval_ctx_get_result");
        entrypoints = numbered(instance, "entrypoints");
        numbered(instance, "builtins").forEach((name, number) -> builtins.put(number, name));
        data = parse(policy.data == null ? "{}" : policy.data);
        if (data == 0) throw new IllegalArgumentException("its data is not valid JSON");
        heapBehindData = call(heap);
        pages = memory.pages();
    }

    private ImportValues host() {
        var functions = ImportValues.builder()
                .addMemory(new ImportMemory("env", "memory", memory))
                .addFunction(new HostFunction("env", "opa_abort", takes(1, List.of()), (self, arguments) -> {
                    throw new IllegalStateException(memory.readCString((int) arguments[0]));
                }))
                .addFunction(
                        new HostFunction("env", "opa_println", takes(1, List.of()), (self, arguments) -> new long[0]));
        for (int count = 0; count <= 4; count++) {
            functions.addFunction(new HostFunction(
                    "env", "opa_builtin" + count, takes(count + 2, List.of(ValType.I32)), (self, arguments) ->
                            new long[] {builtin(arguments)}));
        }
        return functions.build();
    }

    private static FunctionType takes(int count, List<ValType> gives) {
        var parameters = new ArrayList<ValType>();
        for (int i = 0; i < count; i++) parameters.add(ValType.I32);
        return FunctionType.of(parameters, gives);
    }

    /** Called by the policy with the number of a builtin, a context that means nothing, and the arguments. */
    private int builtin(long[] call) {
        var arguments = new ArrayList<JsonNode>();
        for (int i = 2; i < call.length; i++) {
            arguments.add(CompiledPolicy.TREES.readTree(print((int) call[i])));
        }
        String result = HostBuiltins.call(builtins.getOrDefault((int) call[0], "?"), arguments);
        return parse(Json.quote(result));
    }

    /** The entrypoints by name. */
    Map<String, Integer> entrypoints() {
        return entrypoints;
    }

    /** The builtins that the policy wants of its host. */
    Set<String> builtins() {
        return new TreeSet<>(builtins.values());
    }

    /**
     * Evaluates an entrypoint and gives its results as a JSON list.
     *
     * @throws RuntimeException if it fails or is interrupted
     */
    String evaluate(int entrypoint, String input) {
        try {
            heapIs.apply(heapBehindData);
            int document = parse(input);
            // Evaluated all the same, it would be as if there were no input, and many policies then deny nothing.
            if (document == 0) throw new IllegalArgumentException("it cannot read its input document");
            int context = call(newContext);
            setInput.apply(context, document);
            setData.apply(context, data);
            setEntrypoint.apply(context, entrypoint);
            int error = call(eval, context);
            if (error != 0) throw new IllegalStateException("its evaluation ended with the error " + error);
            return print(call(result, context));
        } catch (RuntimeException e) {
            if (!bloated()) throw e;
            // What fails for want of memory fails in many ways.
            throw new IllegalStateException(
                    "%s (it uses %d of %d MiB)"
                            .formatted(e.getMessage(), memory.pages() / 16, memory.maximumPages() / 16),
                    e);
        }
    }

    /** Whether it has grown so much that it should be thrown away. */
    boolean bloated() {
        return memory.pages() > pages + SPARE_PAGES;
    }

    private Map<String, Integer> numbered(Instance instance, String export) {
        var names = new HashMap<String, Integer>();
        JsonNode all = CompiledPolicy.TREES.readTree(print(call(instance.export(export))));
        all.properties()
                .forEach(entry -> names.put(entry.getKey(), entry.getValue().intValue()));
        return names;
    }

    /** The address of a value, 0 if this is not JSON. What it was parsed from stays until the heap is set back. */
    private int parse(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return call(parse, write(bytes), bytes.length);
    }

    private int write(byte[] bytes) {
        int address = call(malloc, bytes.length);
        memory.write(address, bytes);
        return address;
    }

    private String print(int value) {
        return memory.readCString(call(print, value));
    }

    private static int call(ExportFunction function, long... arguments) {
        return (int) function.apply(arguments)[0];
    }
}
