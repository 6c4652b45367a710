package dev.pawl.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.pawl.core.FailureClass;

/** Lets {@link dev.pawl.core.Problem} be read from the form it is stored in; the kernel itself knows no Jackson. */
interface ProblemMixIn {

    @JsonProperty("class")
    FailureClass failureClass();

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonSetter(nulls = Nulls.AS_EMPTY)
    String detail();
}
