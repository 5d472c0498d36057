package io.sluice.source.poll.sql;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.Polled;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database. Keeps one connection between polls, as long as nothing goes wrong with it.
 * Confined to the event loop of its source.
 */
final class SqlPoll implements Poll {
  private final SqlSourceConfig config;
  private final PollContext context;
  private final Address address;
  private final Template template;
  private final SqlTelemetry telemetry;
  private @Nullable Pool pool;
  private @Nullable Known known;
  private @Nullable Passing passing;

  /** What was found out about the database and the query. */
  private record Known(Shape shape, Statement statement, boolean mariaDb) {}

  SqlPoll(SqlSourceConfig config, PollContext context) {
    this.config = config;
    this.context = context;
    this.address = Address.parse(config.url());
    this.template = Template.parse(config.query());
    this.telemetry = new SqlTelemetry(context.name(), context.meters());
  }

  @Override
  public Future<Polled> poll(Cursor from, Intake into) {
    return context
        .turn(address.authority())
        .compose(
            turn -> {
              Passing begun = new Passing(config, template, context, telemetry, from, into);
              passing = begun;
              return Session.open(pool(), address.dialect(), config)
                  .recover(
                      failure ->
                          Future.failedFuture(
                              SqlFailures.connecting(failure, config.tls().isPresent())))
                  .compose(session -> ask(session, begun))
                  .onComplete(
                      end -> {
                        passing = null;
                        turn.over(begun.bytes(), Duration.ZERO);
                      })
                  .onFailure(failure -> forget());
            });
  }

  private Future<Polled> ask(Session session, Passing begun) {
    return known(session)
        .compose(all -> begun.through(session, all.shape(), all.statement(), all.mariaDb()))
        .recover(failure -> Future.failedFuture(SqlFailures.asking(failure)))
        .compose(
            polled ->
                session
                    .end()
                    .map(polled)
                    // All rows came; what is wrong with the connection is the next poll's.
                    .otherwise(
                        failure -> {
                          forget();
                          return polled;
                        }));
  }

  private Future<Known> known(Session session) {
    Known before = known;
    if (before != null) {
      return Future.succeededFuture(before);
    }
    return session
        .mariaDb()
        .compose(
            mariaDb ->
                session
                    .columns(Statement.probe(template, address.dialect(), config.cursor().type()))
                    .map(columns -> Shape.of(config, columns))
                    .map(
                        shape ->
                            new Known(
                                shape,
                                Statement.of(
                                    template,
                                    address.dialect(),
                                    config.limit(),
                                    shape.cursorType(),
                                    shape.idType()),
                                mariaDb)))
        .onSuccess(all -> known = all);
  }

  private Pool pool() {
    Pool open = pool;
    if (open == null) {
      open =
          address.dialect().pool(config, address, new PoolOptions().setMaxSize(1), context.vertx());
      pool = open;
    }
    return open;
  }

  /** The next poll begins with a new connection, and learns everything anew. */
  private Future<Void> forget() {
    Pool open = pool;
    pool = null;
    known = null;
    return open == null ? Future.succeededFuture() : open.close().otherwiseEmpty();
  }

  @Override
  public Future<Void> close() {
    Passing under = passing;
    if (under != null) {
      under.cut();
    }
    return forget();
  }
}
