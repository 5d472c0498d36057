package io.sluice.source.poll.http;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.vertx.core.Future;

/** An HTTP API, and the way to ask it what is new. Confined to its event loop. */
final class HttpPoll implements Poll {
  private final HttpPollConfig config;
  private final Upstream upstream;
  private final Requests requests;
  private final Answers answers;
  private final Memory memory = new Memory();

  HttpPoll(HttpPollConfig config, PollContext context, Resolver resolver) {
    this.config = config;
    this.upstream = new Upstream(config, context, resolver);
    Tokens tokens =
        config
            .auth()
            .filter(Credentials.Oauth2.class::isInstance)
            .map(auth -> new Tokens((Credentials.Oauth2) auth, upstream, context))
            .orElse(null);
    this.requests = new Requests(config, tokens);
    this.answers = new Answers(config, requests, context);
  }

  @Override
  public Future<Polled> poll(Cursor from, Intake into) {
    return new Walk(config, upstream, requests, answers, memory, from, into)
        .go()
        .recover(
            failed ->
                failed instanceof PollException why && why.reason().startsWith("tls")
                    ? upstream.refresh().transform(closed -> Future.failedFuture(failed))
                    : Future.failedFuture(failed));
  }

  @Override
  public Future<Void> close() {
    return upstream.close();
  }
}
