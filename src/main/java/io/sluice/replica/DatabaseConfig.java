package io.sluice.replica;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import io.sluice.net.DatabaseLogin;
import io.sluice.net.DatabaseTls;
import io.sluice.net.DatabaseUrl;
import java.time.Duration;
import java.util.Optional;

/** The PostgreSQL that replicas share, as the operator writes it. */
public record DatabaseConfig(
    @Key(doc = "The database: `postgresql://host:port/database`, without user and password.")
        String url,
    @Key(
            doc =
                "Who to be there. At first it has to be allowed to create tables, whose names begin"
                    + " with sluice_.")
        String user,
    @Key(doc = "The user's password.") Optional<Secret> password,
    @Key(doc = "TLS. Without it, none.") Optional<DatabaseTls> tls,
    @Key(doc = "Most connections that are open at once.", preset = "4") int connections,
    @Key(doc = "Longest a connection may take until it can be used.", preset = "3s")
        Duration connectTimeout,
    @Key(doc = "Longest the database may take for one statement.", preset = "3s")
        Duration statementTimeout) {
  private static final int PORT = 5432;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  public DatabaseConfig {
    try {
      at(url);
    } catch (IllegalArgumentException bad) {
      Check.that(false, "url", String.valueOf(bad.getMessage()));
    }
    Check.that(!user.isBlank(), "user", "must not be empty");
    Check.that(connections > 0, "connections", "must be positive");
    within(connectTimeout, "connectTimeout");
    within(statementTimeout, "statementTimeout");
  }

  private static void within(Duration time, String key) {
    Check.that(!time.isZero() && !time.isNegative(), key, "must be positive");
    Check.that(time.compareTo(LONGEST) <= 0, key, "must not be longer than 10m");
  }

  private static DatabaseUrl at(String url) {
    return DatabaseUrl.parse(
        url,
        scheme -> {
          if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
            throw new IllegalArgumentException("must begin with postgresql://");
          }
        });
  }

  DatabaseLogin login() {
    DatabaseUrl at = at(url);
    return new DatabaseLogin(at.host(), at.port().orElse(PORT), at.database(), user, password, tls);
  }
}
