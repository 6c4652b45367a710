package dev.pawl.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.PathType;
import com.networknt.schema.resource.SchemaLoader;
import dev.pawl.core.Failure;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A draft of JSON Schema that is understood. Nothing is ever fetched: the drafts' own schemas come with the library. */
final class Draft {

    /**
     * How deep schemas and documents may go together, so that a schema that refers to itself ends before the stack does. At
     * 2,000, a stack of 1 MB overflows. A document needs about two for each level.
     */
    private static final int DEPTH = 800;

    /** What relative references are relative to in a schema without an absolute {@code $id}; no such host can be (RFC 2606). */
    private static final SchemaLocation NOWHERE = SchemaLocation.of("https://schema.invalid/");

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .preloadSchema(true)
            .locale(Locale.ROOT)
            .pathType(PathType.JSON_POINTER)
            .executionContextCustomizer(
                    (execution, schema) -> execution.executionConfig(config -> config.maxEvaluationDepth(DEPTH)))
            .build();

    private static final Draft DRAFT_7 = new Draft(Dialects.getDraft7());
    private static final Draft DRAFT_2020_12 = new Draft(Dialects.getDraft202012());

    private final Dialect dialect;
    private final Schema meta;

    private Draft(Dialect dialect) {
        // Words that the draft does not know are somebody else's: no reason to refuse them, nor to log.
        this.dialect = Dialect.builder(dialect)
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
                .build();
        this.meta = SchemaRegistry.withDialect(dialect, registry -> registry.schemaRegistryConfig(CONFIG))
                .getSchema(SchemaLocation.of(dialect.getId()));
    }

    /**
     * The draft that a schema says it is written in; 2020-12 if it says nothing.
     *
     * @throws Failure.Logic if that is none that is known here
     */
    static Draft of(JsonNode schema) {
        JsonNode named = schema.path("$schema");
        if (named.isMissingNode()) return DRAFT_2020_12;
        String name = bare(named.asString(""));
        if (name.equals(bare(DRAFT_7.dialect.getId()))) return DRAFT_7;
        if (name.equals(bare(DRAFT_2020_12.dialect.getId()))) return DRAFT_2020_12;
        throw new Failure.Logic("its $schema is " + named + ", which is not known here and never fetched. Known are "
                + DRAFT_7.dialect.getId() + " and " + DRAFT_2020_12.dialect.getId() + ".");
    }

    /** People write them with http or https, with or without the #. */
    private static String bare(String id) {
        return id.replaceFirst("^https?:", "").replaceFirst("#$", "");
    }

    /** The schema of schemas. */
    Schema meta() {
        return meta;
    }

    /** Compiles a schema, with everything that it refers to. */
    Schema compile(JsonNode schema) {
        var known = List.of(DRAFT_2020_12.dialect, DRAFT_7.dialect);
        var compiled = SchemaRegistry.withDialects(
                        known,
                        registry -> registry.defaultDialectId(dialect.getId())
                                .schemaCacheEnabled(false)
                                .schemaLoader(new SchemaLoader(List.of(), List.of(), iri -> false, iri -> true))
                                .schemaRegistryConfig(CONFIG))
                .getSchema(NOWHERE, schema);
        compiled.initializeValidators();
        return compiled;
    }
}
