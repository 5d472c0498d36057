package io.sluice.source.poll.http;

import io.sluice.connector.Findings;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollFactory;
import io.sluice.connector.PollSettings;
import io.sluice.net.BadTlsException;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** Tells of HTTP pull, and makes it. */
public final class HttpPollFactory implements PollFactory<HttpPollConfig> {
  private final Function<Vertx, Resolver> resolvers;

  /** Looks up names as this machine does. */
  public HttpPollFactory() {
    this(Resolver::of);
  }

  HttpPollFactory(Function<Vertx, Resolver> resolvers) {
    this.resolvers = resolvers;
  }

  @Override
  public String type() {
    return "http-poll";
  }

  @Override
  public Class<HttpPollConfig> configType() {
    return HttpPollConfig.class;
  }

  @Override
  public PollSettings polling(HttpPollConfig config) {
    return config.polling();
  }

  @Override
  public void inspect(HttpPollConfig config, Findings findings) {
    if (config.tls().isPresent()) {
      try {
        config.tls().get().read();
      } catch (BadTlsException bad) {
        String key = bad.key().equals("authorities") ? "ca" : bad.key();
        findings.error("tls/" + key, String.valueOf(bad.getMessage()));
      }
    }
    if (config.holdsSecrets() && !Urls.secure(config.url().url("0")) && !config.allowPrivate()) {
      findings.warning("url", "has http, so that whoever is on the way can read what is secret");
    }
  }

  @Override
  public Poll create(HttpPollConfig config, PollContext context) {
    return new HttpPoll(config, context, resolvers.apply(context.vertx()));
  }
}
