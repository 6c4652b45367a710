package dev.pawl.store;

import dev.pawl.spi.Store;
import dev.pawl.testkit.ClaimContract;
import dev.pawl.testkit.LimitContract;
import dev.pawl.testkit.MessageContract;
import dev.pawl.testkit.Postgres;
import dev.pawl.testkit.StandingContract;
import dev.pawl.testkit.StoreContract;
import dev.pawl.testkit.TaskContract;
import dev.pawl.testkit.TopicBatchContract;
import org.junit.jupiter.api.Nested;

class PostgresContractTest {

    private final String url = Postgres.shared().freshDatabase();

    private Store store() {
        return new JdbcStores().open(url);
    }

    @Nested
    class Runs extends StoreContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class Tasks extends TaskContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class Claiming extends ClaimContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class Limits extends LimitContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class Messages extends MessageContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class MessagesOfManyRuns extends TopicBatchContract {
        @Override
        protected Store open() {
            return store();
        }
    }

    @Nested
    class RunsThatGoOn extends StandingContract {
        @Override
        protected Store open() {
            return store();
        }
    }
}
