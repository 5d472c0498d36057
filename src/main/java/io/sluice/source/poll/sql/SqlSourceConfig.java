package io.sluice.source.poll.sql;

import io.sluice.config.Check;
import io.sluice.config.Inline;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import io.sluice.connector.PollSettings;
import io.sluice.net.DatabaseTls;
import java.time.Duration;
import java.util.Optional;

/** What an operator says of an SQL source. */
public record SqlSourceConfig(
    @Key(
            doc =
                "The database: `postgresql://host:port/database`, `mysql://…` or `mariadb://…`;"
                    + " without user and password.")
        String url,
    @Key(doc = "Who to be there.") String user,
    @Key(doc = "The user's password.") Optional<Secret> password,
    @Key(
            doc =
                "A SELECT that brings the rows behind `{cursor}`, ordered by the cursor's column."
                    + " `{id}` is the id of the row the cursor stands on, NULL in the beginning;"
                    + " `{limit}` is the key `limit`. Each may stand wherever a value may.")
        String query,
    @Key(doc = "How far the rows were read.") SqlCursor cursor,
    @Key(
            doc =
                "Column that tells apart rows with the same value in the cursor's column; it"
                    + " becomes the events' key. Without it, all that is in a row tells it apart.")
        Optional<String> id,
    @Key(
            doc =
                "Most rows that one query brings, where it says `{limit}`; as many rows are"
                    + " followed by the next query at once.",
            preset = "10000")
        int limit,
    @Key(doc = "Most rows that are fetched at once; fewer where rows are large.", preset = "1000")
        int fetch,
    @Key(doc = "TLS. Without it, none.") Optional<DatabaseTls> tls,
    @Key(doc = "Longest a connection may take until it can be used.", preset = "10s")
        Duration connectTimeout,
    @Key(
            doc = "Longest the database may take for the query, or for more of its rows.",
            preset = "1m")
        Duration statementTimeout,
    @Inline PollSettings polling) {
  public SqlSourceConfig {
    checked("url", () -> Address.parse(url));
    checked("query", () -> Template.parse(query));
    Check.that(!user.isBlank(), "user", "must not be empty");
    Template template = Template.parse(query);
    Check.that(template.has(Template.Place.CURSOR), "query", "must have `{cursor}` in it");
    Check.that(
        !template.has(Template.Place.ID) || id.isPresent(),
        "id",
        "is needed: the query has `{id}` in it");
    Check.that(limit > 0, "limit", "must be positive");
    Check.that(fetch > 0, "fetch", "must be positive");
    Check.that(positive(connectTimeout), "connectTimeout", "must be positive");
    Check.that(positive(statementTimeout), "statementTimeout", "must be positive");
  }

  /** How far rows were read. */
  public record SqlCursor(
      @Key(doc = "Column of the query whose values grow from row to row.") String column,
      @Key(doc = "The value rows are behind in the beginning, as the database writes it.")
          String initial,
      @Key(
              doc =
                  "The column's type, where the database cannot tell it without a value: integer,"
                      + " decimal, double, text, uuid, date, timestamp (without a zone) or"
                      + " timestamptz.")
          Optional<KeyType> type) {}

  private static void checked(String key, Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException bad) {
      Check.that(false, key, String.valueOf(bad.getMessage()));
    }
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
