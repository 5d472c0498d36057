package io.sluice.source.poll.sql;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;

/** Where a database is. */
record Address(Dialect dialect, String host, int port, String database) {
  /**
   * What a URL says.
   *
   * @throws IllegalArgumentException with what is wrong; never repeats the URL, which may have a
   *     password in it
   */
  static Address parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException bad) {
      throw new IllegalArgumentException("is no URL", bad);
    }
    Dialect dialect = dialect(Objects.requireNonNullElse(uri.getScheme(), ""));
    String path = Objects.requireNonNullElse(uri.getPath(), "");
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("has no host in it");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "has a user in it: that is for the keys user and password");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("has parameters in it, which are not understood");
    }
    if (path.length() < 2 || path.indexOf('/', 1) >= 0) {
      throw new IllegalArgumentException("must end in the name of a database");
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() < 0 ? dialect.port() : uri.getPort();
    return new Address(dialect, host, port, path.substring(1));
  }

  private static Dialect dialect(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
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
