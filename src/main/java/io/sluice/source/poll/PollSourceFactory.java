package io.sluice.source.poll;

import io.sluice.connector.Claim;
import io.sluice.connector.Counterpart;
import io.sluice.connector.Every;
import io.sluice.connector.Findings;
import io.sluice.connector.PollFactory;
import io.sluice.connector.PollSettings;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.SourceFactory;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes sources of a kind of poll.
 *
 * @param <C> the connector's settings
 */
public final class PollSourceFactory<C extends Record> implements SourceFactory<C> {
  private final PollFactory<C> polls;
  private final Supplier<Hosts> hosts;
  private final Intervals intervals = new Intervals();

  private PollSourceFactory(PollFactory<C> polls, Supplier<Hosts> hosts) {
    this.polls = polls;
    this.hosts = hosts;
  }

  /**
   * The factory of sources that poll this way.
   *
   * @param hosts asked when the first source starts; the same for all sources of a gateway
   */
  public static <C extends Record> PollSourceFactory<C> of(
      PollFactory<C> polls, Supplier<Hosts> hosts) {
    return new PollSourceFactory<>(polls, hosts);
  }

  @Override
  public String type() {
    return polls.type();
  }

  @Override
  public Class<C> configType() {
    return polls.configType();
  }

  @Override
  public Set<Claim> claims(C config) {
    return polls.claims(config);
  }

  @Override
  public void inspect(C config, Findings findings) {
    Timetables.inspect(polls.polling(config).every(), findings);
    polls.inspect(config, findings);
  }

  @Override
  public boolean pulls() {
    return true;
  }

  @Override
  public Optional<Every> every(C config) {
    return Optional.of(polls.polling(config).every());
  }

  @Override
  public Optional<Counterpart> counterpart(C config) {
    PollSettings settings = polls.polling(config);
    return settings
        .standby()
        .map(standby -> new Counterpart("standby/for", standby.source(), false))
        .or(
            () ->
                settings
                    .reconcile()
                    .map(other -> new Counterpart("reconcile/for", other.source(), true)));
  }

  @Override
  public Source create(C config, SourceContext context) {
    return new PollSource<>(polls, config, context, hosts, intervals);
  }
}
