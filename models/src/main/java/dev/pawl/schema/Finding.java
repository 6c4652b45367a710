package dev.pawl.schema;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the library reports, as violations in our words. */
final class Finding {

    private static final int SHOWN = 100;
    private static final Pattern ALTERNATIVE = Pattern.compile("^(.*?/(?:anyOf|oneOf))/\\d+/");

    private final Error error;
    private final JsonNode schema;

    private Finding(Error error, JsonNode schema) {
        this.error = error;
        this.schema = schema;
    }

    /** What alternatives of one choice want at one place becomes one violation: this, or that. */
    static List<Violation> of(List<Error> errors, JsonNode schema) {
        var merged = new LinkedHashMap<String, Violation>();
        for (var error : errors) {
            var finding = new Finding(error, schema);
            if (finding.onlySumsUp()) continue;
            var violation = finding.violation();
            Matcher choice = ALTERNATIVE.matcher(error.getEvaluationPath().toString());
            String key = choice.find() ? choice.group(1) + " " + violation.path() : violation.toString();
            merged.merge(key, violation, Finding::or);
        }
        return List.copyOf(merged.values());
    }

    private static Violation or(Violation one, Violation other) {
        if (one.expected().contains(other.expected())) return one;
        return new Violation(one.path(), one.expected() + " or " + other.expected(), one.found());
    }

    /** That no alternative fits is said by what is wrong with each. */
    private boolean onlySumsUp() {
        return error.getKeyword().equals("oneOf") && "0".equals(argument(0));
    }

    private Violation violation() {
        String path = String.valueOf(error.getInstanceLocation());
        JsonNode found = error.getInstanceNode();
        String expected = expected();
        return switch (error.getKeyword()) {
            case "required" -> new Violation(path + "/" + escaped(error.getProperty()), expected, "nothing");
            case "dependentRequired" -> new Violation(path + "/" + escaped(argument(0)), expected, "nothing");
            case "additionalProperties", "unevaluatedProperties", "propertyNames" ->
                new Violation(
                        path + "/" + escaped(error.getProperty()), expected, shown(found.path(error.getProperty())));
            case "items", "additionalItems", "unevaluatedItems" ->
                new Violation(
                        error.getIndex() == null ? path : path + "/" + error.getIndex(),
                        expected,
                        shown(error.getIndex() == null ? found : found.path(error.getIndex())));
            default -> new Violation(path, expected, shown(found));
        };
    }

    private String expected() {
        return switch (error.getKeyword()) {
            case "required" -> "a value";
            case "dependentRequired" -> "a value, because " + argument(1) + " is there";
            case "type" -> types(error.getSchemaNode());
            case "enum" -> "one of " + shown(error.getSchemaNode());
            case "const" -> shown(error.getSchemaNode());
            case "pattern" -> described("a text that matches " + argument(0));
            case "format" -> described(format(argument(0)));
            case "minimum" -> "at least " + argument(0);
            case "maximum" -> "at most " + argument(0);
            case "exclusiveMinimum" -> "more than " + argument(0);
            case "exclusiveMaximum" -> "less than " + argument(0);
            case "multipleOf" -> "a multiple of " + argument(0);
            case "minLength" -> "at least " + counted("character");
            case "maxLength" -> "at most " + counted("character");
            case "minItems" -> "at least " + counted("element");
            case "maxItems" -> "at most " + counted("element");
            case "minProperties" -> "at least " + counted("property");
            case "maxProperties" -> "at most " + counted("property");
            case "uniqueItems" -> "no element twice";
            case "contains", "minContains" -> "at least " + argument(0) + " of the elements to fit " + argument(1);
            case "maxContains" -> "at most " + argument(0) + " of the elements to fit " + argument(1);
            case "additionalProperties", "unevaluatedProperties" -> "no property of this name";
            case "propertyNames" -> "another name, which " + argument(1);
            case "items", "additionalItems", "unevaluatedItems" -> "no element here";
            case "oneOf" -> "to fit only one of the alternatives, not " + argument(0);
            case "not" -> "anything but " + argument(0);
            case "false" -> "nothing";
            default -> "a value that " + cut(error.getMessage());
        };
    }

    /** Schemas may say themselves what they want, as {@link JsonSchema} tells. */
    private String described(String otherwise) {
        String fragment = error.getSchemaLocation().getFragment().toString();
        JsonNode around = schema.at(fragment.substring(0, fragment.lastIndexOf('/')));
        String title = around.path("title").asString("");
        boolean itself = error.getSchemaNode().equals(around.get(error.getKeyword()));
        return itself && (title.startsWith("a ") || title.startsWith("an ")) ? title : otherwise;
    }

    private static String format(String format) {
        return switch (format) {
            case "uuid" -> "a UUID";
            case "date-time" -> "a date and time such as 2026-01-31T12:00:00Z";
            case "date" -> "a date such as 2026-01-31";
            case "email" -> "an e-mail address";
            case "uri" -> "a URI";
            default -> "a text in the format " + format;
        };
    }

    private static String types(JsonNode types) {
        if (!types.isArray()) return type(types.asString(""));
        var all = new ArrayList<String>();
        types.forEach(type -> all.add(type(type.asString(""))));
        var joined = new StringJoiner(" or ");
        all.forEach(joined::add);
        return joined.toString();
    }

    private static String type(String type) {
        return switch (type) {
            case "object" -> "an object";
            case "array" -> "a list";
            case "string" -> "a string";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    private String counted(String what) {
        String count = argument(0);
        if (count.equals("1")) return "1 " + what;
        return count + " " + (what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s");
    }

    private String argument(int index) {
        Object[] arguments = error.getArguments();
        return arguments == null || index >= arguments.length ? "" : cut(String.valueOf(arguments[index]));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : cut(node.toString());
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
