package dev.pawl.examples;

import dev.pawl.core.Failure;
import dev.pawl.http.HttpAnswer;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Connector;
import dev.pawl.job.Job;
import dev.pawl.sql.Sql;
import dev.pawl.sql.SqlCall;
import java.time.Duration;

/**
 * Calls over HTTP and SQL, recorded: what somebody is owed is read from the shop's database, paid by the bank, and booked in
 * the shop's database under a key, so that no crash pays or books it twice.
 */
public final class Payout {

    private record Account(String holder, double balance) {}

    private record Payment(String to, double amount) {}

    private record Receipt(String id) {}

    private Payout() {}

    /**
     * The job. It is given the name of an account, and gives back what the bank calls the payment.
     *
     * @param token who we are for the bank; never written down
     */
    public static Job<String, String> at(Sql shop, String bank, Connector<HttpCall, HttpAnswer> http, String token) {
        return Job.define("payout", String.class, String.class, (job, name) -> {
            var found = SqlCall.query("select holder, balance from account where name = ?", name);
            var accounts = job.call("account", shop, found).rows(Account.class);
            if (accounts.size() != 1) throw new Failure.Logic("There is no account " + name + ".");
            var account = accounts.getFirst();

            var payment = HttpCall.post(bank + "/refunds")
                    .json(new Payment(account.holder(), account.balance()))
                    .bearer(token)
                    .timeout(Duration.ofSeconds(10));
            var receipt = job.once("pay", http, payment).json(Receipt.class);

            job.once(
                    "book",
                    shop,
                    SqlCall.update(
                            "insert into booking (id, account, receipt) values (?, ?, ?) on conflict do nothing",
                            SqlCall.key(),
                            name,
                            receipt.id()));
            return receipt.id();
        });
    }
}
