package io.sluice.source.poll.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What may be asked: {@code http} and {@code https} URLs with a host, and nothing hidden in them.
 */
final class Urls {
  private static final String HEX = "0123456789ABCDEF";

  private Urls() {}

  /** What is wrong with a URL, as the end of a sentence. */
  static Optional<String> wrong(String url) {
    try {
      return wrong(new URI(url));
    } catch (URISyntaxException bad) {
      return Optional.of("must be a URL; character " + (bad.getIndex() + 1) + " cannot be there");
    }
  }

  /** What is wrong with a URL, as the end of a sentence. */
  static Optional<String> wrong(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return Optional.of("must be a URL with https or http");
    } else if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65_535) {
      return Optional.of("must be a URL with a host, and a port from 1 to 65535 if any");
    } else if (url.getRawUserInfo() != null) {
      return Optional.of("must have no user or password in it; they go to auth");
    } else if (url.getRawFragment() != null) {
      return Optional.of("must have no fragment");
    }
    return Optional.empty();
  }

  static boolean secure(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  /** The host as it is looked up: an IPv6 address without its brackets. */
  static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(URI url) {
    return url.getPort() > 0 ? url.getPort() : secure(url) ? 443 : 80;
  }

  /** Who is asked: the same text for the same scheme, host and port. */
  static String origin(URI url) {
    return (secure(url) ? "https://" : "http://") + authority(url);
  }

  /** Host and port. */
  static String authority(URI url) {
    return url.getHost().toLowerCase(Locale.ROOT) + ":" + port(url);
  }

  /** What stands in the request line. */
  static String target(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /** Percent-encodes all that RFC 3986 does not leave unreserved. */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (each >= 'a' && each <= 'z')
              || (each >= 'A' && each <= 'Z')
              || (each >= '0' && each <= '9')
              || each == '-'
              || each == '.'
              || each == '_'
              || each == '~';
      if (plain) {
        encoded.append((char) each);
      } else {
        encoded.append('%').append(HEX.charAt((each >> 4) & 15)).append(HEX.charAt(each & 15));
      }
    }
    return encoded.toString();
  }

  /**
   * What a reference means where it stands (RFC 3986 section 5.2).
   *
   * @throws IllegalArgumentException when it is none
   */
  static URI resolve(URI base, String reference) {
    if (reference.startsWith("?")) {
      // The JDK goes by the RFC before, and drops the last part of the path.
      String path = base.getRawPath() == null ? "" : base.getRawPath();
      return URI.create(base.getScheme() + "://" + base.getRawAuthority() + path + reference);
    }
    return base.resolve(reference);
  }

  /** The URL with a parameter set in its query, in place of those of the same name. */
  static URI with(URI url, String name, String value) {
    StringBuilder query = new StringBuilder();
    String prefix = encode(name) + "=";
    String old = url.getRawQuery() == null ? "" : url.getRawQuery();
    for (String each : old.split("&", -1)) {
      if (!each.isEmpty() && !each.startsWith(prefix) && !each.startsWith(name + "=")) {
        query.append(each).append('&');
      }
    }
    query.append(prefix).append(encode(value));
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return URI.create(url.getScheme() + "://" + url.getRawAuthority() + path + "?" + query);
  }
}
