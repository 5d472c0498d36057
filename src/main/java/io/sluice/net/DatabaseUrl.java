package io.sluice.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Where a database is, as a URL says it: {@code scheme://host:port/database}.
 *
 * @param scheme in small letters
 * @param host without the brackets of an IPv6 address
 * @param port empty where the kind of database decides it
 */
public record DatabaseUrl(String scheme, String host, OptionalInt port, String database) {
  /**
   * What a URL says.
   *
   * @param known refuses schemes it does not know, with an IllegalArgumentException
   * @throws IllegalArgumentException with what is wrong; never repeats the URL, which may have a
   *     password in it
   */
  public static DatabaseUrl parse(String url, Consumer<String> known) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException bad) {
      throw new IllegalArgumentException("is no URL", bad);
    }
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
    known.accept(scheme);
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
    return new DatabaseUrl(
        scheme,
        uri.getHost().replaceAll("[\\[\\]]", ""),
        uri.getPort() < 0 ? OptionalInt.empty() : OptionalInt.of(uri.getPort()),
        path.substring(1));
  }
}
