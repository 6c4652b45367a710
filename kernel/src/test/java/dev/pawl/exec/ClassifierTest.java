package dev.pawl.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.spi.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassifierTest {

    private final Classifier classifier = new Classifier(Map.of(IOException.class, FailureClass.TRANSIENT));

    @Test
    void a_failure_speaks_for_itself() {
        assertThat(classifier.classOf(new Failure.Auth("no"))).isEqualTo(FailureClass.AUTH);
    }

    @Test
    void a_registered_type_counts_for_its_subtypes() {
        assertThat(classifier.classOf(new FileNotFoundException())).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void anything_else_is_shown_as_unclassified() {
        assertThat(classifier.classOf(new IllegalStateException("401 unauthorized")))
                .isEqualTo(FailureClass.UNCLASSIFIED);
    }

    @Test
    void a_database_that_is_away_is_nobodys_mistake() {
        assertThat(classifier.classOf(new StoreException.Unavailable("away", null)))
                .isEqualTo(FailureClass.TRANSIENT);
    }
}
