package io.sluice.source.poll.http;

import io.sluice.codec.JsonFields;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of an authorization server (RFC 6749 section 4.4). One is used until shortly before it
 * expires. Confined to the event loop of its poll.
 */
final class Tokens {
  private static final int MAX_ANSWER = 64 << 10;
  private static final Duration UNSAID = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration MARGIN = Duration.ofSeconds(60);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private final Credentials.Oauth2 config;
  private final Upstream upstream;
  private final PollContext context;
  private @Nullable String token;
  private Instant renewAt = Instant.MIN;

  Tokens(Credentials.Oauth2 config, Upstream upstream, PollContext context) {
    this.config = config;
    this.upstream = upstream;
    this.context = context;
  }

  /** Whether the next token is one that was used before. */
  boolean known() {
    return token != null && context.clock().instant().isBefore(renewAt);
  }

  /** The token is no good any more. */
  void forget() {
    token = null;
  }

  /** The token to use now. */
  Future<String> token(Runnable alive) {
    String there = token;
    if (there != null && known()) {
      return Future.succeededFuture(there);
    }
    return upstream.ask(ask(), alive, this::read);
  }

  private Ask ask() {
    StringJoiner form = new StringJoiner("&");
    form.add("grant_type=client_credentials");
    if (!config.scope().isEmpty()) {
      form.add("scope=" + Urls.encode(String.join(" ", config.scope())));
    }
    config
        .parameters()
        .forEach((name, value) -> form.add(Urls.encode(name) + "=" + Urls.encode(value)));
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .set("content-type", "application/x-www-form-urlencoded")
            .set("accept", "application/json")
            .set("user-agent", Requests.AGENT);
    // RFC 6749 section 2.3.1: both are form-encoded before they are put in the header.
    String id = Urls.encode(config.clientId());
    String secret = Urls.encode(config.clientSecret().reveal());
    if (config.sendIn() == Credentials.Oauth2.Carrier.HEADER) {
      headers.set("authorization", Requests.basic(id, secret));
    } else {
      form.add("client_id=" + id).add("client_secret=" + secret);
    }
    return new Ask(
        HttpMethod.POST,
        URI.create(config.tokenUrl()),
        headers,
        Optional.of(Buffer.buffer(form.toString())));
  }

  private Future<String> read(HttpClientResponse answer, Exchange exchange) {
    int status = answer.statusCode();
    if (status == 400 || status == 401) {
      return Future.failedFuture(
          PollException.lasting(
              "unauthorized", "the authorization server answered " + status + " to the client"));
    }
    if (status != 200) {
      Pauses.Asked asked = exchange.asked();
      return Future.failedFuture(Faults.status(status, asked.pause(), asked.limited()));
    }
    Buffer all = Buffer.buffer();
    answer.handler(
        chunk -> {
          exchange.received(chunk.length());
          all.appendBuffer(chunk);
          if (all.length() > MAX_ANSWER) {
            exchange.fail(Faults.tooLarge(MAX_ANSWER));
          }
        });
    Future<Void> end = answer.end();
    answer.resume();
    return end.compose(ended -> take(all.getBytes()));
  }

  private Future<String> take(byte[] json) {
    Optional<String> type =
        field(json, "/token_type").filter(word -> !word.equalsIgnoreCase("Bearer"));
    Optional<String> given = field(json, "/access_token").filter(HeaderText::value);
    if (given.isEmpty() || type.isPresent()) {
      return Future.failedFuture(
          PollException.lasting(
              "unauthorized", "the authorization server answered without a token to bear"));
    }
    Duration lasts =
        field(json, "/expires_in")
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .filter(said -> said.compareTo(LONGEST) < 0)
            .orElse(field(json, "/expires_in").isPresent() ? LONGEST : UNSAID);
    Duration margin = lasts.dividedBy(10);
    Duration early = margin.compareTo(MARGIN) < 0 ? margin : MARGIN;
    token = given.get();
    renewAt = context.clock().instant().plus(lasts).minus(early);
    return Future.succeededFuture(given.get());
  }

  private static Optional<String> field(byte[] json, String pointer) {
    return JsonFields.read(json, 0, json.length, pointer).map(JsonFields.Field::text);
  }
}
