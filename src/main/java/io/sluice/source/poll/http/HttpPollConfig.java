package io.sluice.source.poll.http;

import io.netty.util.NetUtil;
import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Inline;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import io.sluice.connector.PollSettings;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an operator says of an HTTP API that is polled. */
public record HttpPollConfig(
    @Inline PollSettings polling,
    @Key(doc = "What to ask for. `{cursor}` in it is how far the API was read, percent-encoded.")
        Template url,
    @Key(doc = "GET or POST.", preset = "GET") String method,
    @Key(
            doc =
                "Further headers of requests, each a secret. `{cursor}` in a value is how far the"
                    + " API was read.")
        Map<String, Secret> headers,
    @Key(
            doc =
                "The body of a POST; JSON unless a header `Content-Type` says otherwise."
                    + " `{cursor}` in it is how far the API was read, escaped for a JSON string.")
        Optional<Template> body,
    @Key(
            doc =
                "Where the records of an answer are: a JSON pointer to an array of them or to one,"
                    + " or `lines`. Without it, the elements of the body if that is an array, or"
                    + " else the body; and lines where the content type says so.")
        Optional<RecordsAt> records,
    @Key(doc = "Where an answer says how far it was read.") Optional<CursorAt> cursor,
    @Key(
            doc =
                "How one page leads to the next: `link` for the header of RFC 8288, or an object"
                    + " with `next`, `number` or `offset`.")
        Optional<Pages> pages,
    @Key(doc = "Where the id of each record is.") Optional<Pointing> id,
    @Key(doc = "Where the time of each record is, by RFC 3339.") Optional<Pointing> time,
    @Key(doc = "How to prove who asks.") Optional<Credentials> auth,
    @Key(doc = "Whom to trust over TLS, and what to show there.") Optional<PollTls> tls,
    @Key(
            doc =
                "Media types of answers that are taken beside application/json, those that end"
                    + " with +json, and application/x-ndjson, application/ndjson and"
                    + " application/jsonl; and beside text/plain where records are lines.")
        List<String> accept,
    @Key(doc = "Largest answer, its content coding undone.", preset = "1GiB") ByteSize maxBytes,
    @Key(doc = "Longest wait for a connection.", preset = "10s") Duration connectTimeout,
    @Key(
            doc =
                "Whether the host may have addresses that are not public: of this machine, of the"
                    + " link, of private networks.",
            preset = "false")
        boolean allowPrivate) {
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "upgrade",
          "expect",
          "accept-encoding",
          "if-none-match",
          "if-modified-since");

  public HttpPollConfig {
    Optional<String> wrong = url.wrongUrl();
    Check.that(wrong.isEmpty(), "url", wrong.orElse(""));
    Check.that(
        allowPrivate || !notPublic(url.url("0")),
        "url",
        "names an address that is not public; `allowPrivate` says so on purpose");
    Check.that(method.equals("GET") || method.equals("POST"), "method", "must be GET or POST");
    Check.that(body.isEmpty() || method.equals("POST"), "body", "needs the method POST");
    headers.forEach(HttpPollConfig::check);
    Check.that(
        auth.isEmpty() || headers.keySet().stream().noneMatch("authorization"::equalsIgnoreCase),
        "headers",
        "must not have Authorization where there is auth");
    boolean asks =
        url.asksForCursor()
            || body.map(Template::asksForCursor).orElse(false)
            || headers.values().stream().anyMatch(each -> template(each).asksForCursor());
    Check.that(cursor.isPresent() || !asks, "cursor", "is missing: {cursor} stands in the request");
    Check.that(
        cursor.isEmpty() || asks,
        "cursor",
        "is of no use: {cursor} stands neither in url nor in body nor in headers");
    boolean beside = records.map(at -> !at.lines()).orElse(false);
    Check.that(
        beside || !(cursor.isPresent() && cursor.get() instanceof CursorAt.Next),
        "cursor",
        "needs records, a pointer: next is a value beside them");
    Check.that(
        beside || !(pages.isPresent() && pages.get() instanceof Pages.Next),
        "pages",
        "needs records, a pointer: next is a value beside them");
    Check.that(
        accept.stream().allMatch(type -> type.matches("[^\\s/;,]+/[^\\s/;,]+")),
        "accept",
        "must be media types without parameters");
    Check.that(maxBytes.bytes() > 0, "maxBytes", "must be positive");
    Check.that(
        !connectTimeout.isNegative()
            && !connectTimeout.isZero()
            && connectTimeout.compareTo(Duration.ofMinutes(5)) <= 0,
        "connectTimeout",
        "must be positive and at most 5m");
    headers = Map.copyOf(headers);
    accept = accept.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
  }

  private static void check(String name, Secret value) {
    Check.that(
        HeaderText.name(name) && !OURS.contains(name.toLowerCase(Locale.ROOT)),
        "headers",
        "must not have \"" + name + "\"");
    Check.that(
        HeaderText.value(value.reveal()), "headers", "must have values of visible ASCII only");
  }

  /** Whether it can be seen without a look-up that the host is not public. */
  private static boolean notPublic(URI url) {
    String host = Urls.host(url);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return host.equalsIgnoreCase("localhost")
          || (address != null && !Addresses.isPublic(InetAddress.getByAddress(address)));
    } catch (java.net.UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Template template(Secret header) {
    return new Template(header.reveal());
  }

  /** Whether anything in a request is a secret. */
  boolean holdsSecrets() {
    return auth.isPresent() || !headers.isEmpty();
  }
}
