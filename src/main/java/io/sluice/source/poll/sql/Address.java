package io.sluice.source.poll.sql;

import io.sluice.net.DatabaseUrl;

/** Where a database is. */
record Address(Dialect dialect, String host, int port, String database) {
  /**
   * What a URL says.
   *
   * @throws IllegalArgumentException with what is wrong; never repeats the URL, which may have a
   *     password in it
   */
  static Address parse(String url) {
    DatabaseUrl where = DatabaseUrl.parse(url, Address::known);
    Dialect dialect = dialect(where.scheme());
    return new Address(
        dialect, where.host(), where.port().orElse(dialect.port()), where.database());
  }

  private static void known(String scheme) {
    dialect(scheme);
  }

  private static Dialect dialect(String scheme) {
    return switch (scheme) {
      case "postgresql", "postgres" -> Dialect.POSTGRESQL;
      case "mysql", "mariadb" -> Dialect.MYSQL;
      default ->
          throw new IllegalArgumentException(
              "must begin with postgresql://, mysql:// or mariadb://");
    };
  }

  /** As politeness knows it. */
  String authority() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
