package io.sluice.source.poll.sql;

import io.sluice.config.HostPort;
import io.sluice.connector.Findings;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollFactory;
import io.sluice.connector.PollSettings;
import io.sluice.net.DatabaseTls;
import java.nio.file.Files;

/** Tells of databases, and makes sources of them. */
public final class SqlPollFactory implements PollFactory<SqlSourceConfig> {
  @Override
  public String type() {
    return "sql";
  }

  @Override
  public Class<SqlSourceConfig> configType() {
    return SqlSourceConfig.class;
  }

  @Override
  public PollSettings polling(SqlSourceConfig config) {
    return config.polling();
  }

  @Override
  public void inspect(SqlSourceConfig config, Findings findings) {
    Address address = Address.parse(config.url());
    if (config.tls().isEmpty() && !new HostPort(address.host(), address.port()).loopback()) {
      findings.warning(
          "url", "leads to another machine, and without `tls` everyone on the way can read along");
    }
    config
        .tls()
        .flatMap(DatabaseTls::ca)
        .filter(file -> !Files.isReadable(file))
        .ifPresent(file -> findings.error("tls/ca", "names " + file + ", which cannot be read"));
  }

  @Override
  public Poll create(SqlSourceConfig config, PollContext context) {
    return new SqlPoll(config, context);
  }
}
