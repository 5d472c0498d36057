package io.sluice.source.http;

import io.sluice.auth.Quota;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one request takes of its sender's quota: the body as long as it says it is, and one event,
 * before anything is read; the rest when it is known. Confined to its exchange's event loop.
 */
final class Spending {
  private static final CharSequence POLICY = HttpHeaders.createOptimized("ratelimit-policy");
  private static final CharSequence LIMIT = HttpHeaders.createOptimized("ratelimit");

  private final Quota quota;
  private final String party;
  private long bytes;

  Spending(Quota quota, String party) {
    this.quota = quota;
    this.party = party;
  }

  /**
   * Takes for a request whose head was read.
   *
   * @param length of its body; negative if it does not say
   * @return 0 if it may go on, else the nanoseconds until it is worth another try
   */
  long begin(long length) {
    long said = Math.max(0, length);
    long wait = quota.admit(party, 1, said);
    bytes = wait == 0 ? said : 0;
    return wait;
  }

  /** So many bytes have come in all. */
  void received(long inAll) {
    if (inAll > bytes) {
      quota.take(party, 0, inAll - bytes);
      bytes = inAll;
    }
  }

  /** So many events are in it. */
  void events(int number) {
    if (number > 1) {
      quota.take(party, number - 1L, 0);
    }
  }

  /** No more bytes come than so many. */
  void over(long inAll) {
    if (inAll < bytes) {
      quota.take(party, 0, inAll - bytes);
      bytes = inAll;
    }
  }

  /** Tells the client where it stands, as draft-ietf-httpapi-ratelimit-headers-10 has it. */
  void tell(MultiMap headers) {
    List<Quota.Limit> limits = quota.limits(party);
    if (!limits.isEmpty()) {
      headers.set(
          POLICY, limits.stream().map(limit -> policy(limit)).collect(Collectors.joining(", ")));
      headers.set(
          LIMIT,
          limits.stream()
              .map(limit -> "\"%s\";r=%d;t=%d".formatted(limit.name(), limit.left(), limit.reset()))
              .collect(Collectors.joining(", ")));
    }
  }

  /** The draft has a unit for bytes of content; without one, a quota is of requests. */
  private static String policy(Quota.Limit limit) {
    String unit = limit.name().equals("bytes") ? "content-bytes" : limit.name();
    return "\"%s\";q=%d;qu=\"%s\";w=%d"
        .formatted(limit.name(), limit.quota(), unit, limit.window());
  }
}
