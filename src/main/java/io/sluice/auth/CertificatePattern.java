package io.sluice.auth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a name in a certificate looks like: {@code cn:sensor-*}, {@code dns:*.example.com}. A star
 * stands for one or more characters.
 *
 * @param kind where the name stands
 * @param glob the name, with at most one star
 */
record CertificatePattern(Kind kind, String glob) {
  /** Where names stand in a certificate. */
  enum Kind {
    /** The common name of the subject. */
    CN(-1),
    /** The whole subject, as RFC 2253 writes it. */
    SUBJECT(-1),
    /** An alternative name of type dNSName. */
    DNS(2),
    /** An alternative name of type rfc822Name. */
    EMAIL(1),
    /** An alternative name of type uniformResourceIdentifier: SPIFFE identities are such. */
    URI(6);

    private final int tag;

    Kind(int tag) {
      this.tag = tag;
    }
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException when it is none, in words for the operator
   */
  static CertificatePattern parse(String text) {
    int colon = text.indexOf(':');
    String word = colon < 0 ? "" : text.substring(0, colon).toUpperCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      String glob = text.substring(colon + 1);
      if (kind.name().equals(word)
          && !glob.isEmpty()
          && glob.indexOf('*') == glob.lastIndexOf('*')) {
        return new CertificatePattern(kind, glob);
      }
    }
    throw new IllegalArgumentException(
        "must be cn:, subject:, dns:, email: or uri: and a name with at most one star");
  }

  /**
   * What the star stands for in the first fitting name of the certificate; empty when none fits.
   */
  Optional<String> match(X509Certificate certificate) {
    Pattern pattern = pattern();
    for (String name : names(certificate)) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        return Optional.of(matcher.groupCount() == 0 ? "" : matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private Pattern pattern() {
    int star = glob.indexOf('*');
    String regex =
        star < 0
            ? Pattern.quote(glob)
            : Pattern.quote(glob.substring(0, star))
                + "(.+)"
                + Pattern.quote(glob.substring(star + 1));
    boolean anyCase = kind == Kind.DNS || kind == Kind.EMAIL;
    return Pattern.compile(regex, anyCase ? Pattern.CASE_INSENSITIVE : 0);
  }

  private List<String> names(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    return switch (kind) {
      case SUBJECT -> List.of(subject);
      case CN -> commonNames(subject);
      default -> alternatives(certificate);
    };
  }

  private static List<String> commonNames(String subject) {
    try {
      List<String> names = new ArrayList<>(1);
      for (Rdn part : new LdapName(subject).getRdns()) {
        if (part.getType().equalsIgnoreCase("cn")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
      return names;
    } catch (InvalidNameException odd) {
      return List.of();
    }
  }

  private List<String> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      List<String> names = new ArrayList<>();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0).equals(kind.tag)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
      return names;
    } catch (CertificateParsingException odd) {
      return List.of();
    }
  }
}
