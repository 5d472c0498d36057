package io.sluice.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The PostgreSQL that replicas share. Connections are opened when they are needed, and again when
 * they broke off; how many there are, how many wait for one, and how long anything takes is
 * bounded. Usable on any event loop, where the futures complete.
 */
public final class SharedDatabase {
  /** How many wait for each connection, at the most; more are refused at once. */
  private static final int WAITING = 256;

  private final Vertx vertx;
  private final Pool pool;
  private final Duration limit;
  private final DatabaseTelemetry telemetry;

  /** Tables that are there, or are being made. */
  private final Map<String, Future<Void>> tables = new ConcurrentHashMap<>();

  /** The database; nothing is opened yet. */
  public SharedDatabase(Vertx vertx, DatabaseConfig config, MeterRegistry meters) {
    this.vertx = vertx;
    this.pool = pool(vertx, config);
    this.limit = config.connectTimeout().plus(config.statementTimeout());
    this.telemetry = new DatabaseTelemetry(meters);
  }

  private static Pool pool(Vertx vertx, DatabaseConfig config) {
    String statement = Long.toString(config.statementTimeout().toMillis());
    PgConnectOptions options =
        config
            .login()
            .postgresql()
            .addProperty("client_min_messages", "error")
            .addProperty("statement_timeout", statement)
            .addProperty("lock_timeout", statement)
            // A gateway that stands still in a transaction must not keep the others waiting.
            .addProperty("idle_in_transaction_session_timeout", statement)
            // Nor one whose host is gone, in the midst of a message.
            .addProperty("tcp_keepalives_idle", "10")
            .addProperty("tcp_keepalives_interval", "5")
            .addProperty("tcp_keepalives_count", "3");
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(config.connections())
                .setMaxWaitQueueSize(WAITING * config.connections())
                .setConnectionTimeout((int) config.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
        .with(
            new NetClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                // The network may swallow everything: a connection that is silent for longer than
                // any statement may take is given up, and with it what waits for its answer.
                .setReadIdleTimeout((int) config.statementTimeout().toMillis() + 1_000)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS))
        .connectingTo(options)
        .using(vertx)
        .build();
  }

  /**
   * Does something on a connection, once these tables are there.
   *
   * @param work given a connection that is its own until the future completes
   * @return fails when it took longer than a connection and a statement may take: what was asked
   *     for may be done all the same, or later
   */
  public <T> Future<T> with(Tables wanted, Function<SqlConnection, Future<T>> work) {
    return measured(ready(wanted).compose(there -> pool.withConnection(work)));
  }

  /** Like {@link #with}, in a transaction that is committed when the work has succeeded. */
  public <T> Future<T> transaction(Tables wanted, Function<SqlConnection, Future<T>> work) {
    return measured(ready(wanted).compose(there -> pool.withTransaction(work)));
  }

  /** Like {@link #with}, for somebody beside the gateways: nothing is made, nothing counted. */
  public <T> Future<T> look(Function<SqlConnection, Future<T>> work) {
    return timely(pool.withConnection(work));
  }

  /** Like {@link #look}, in a transaction. */
  public <T> Future<T> change(Function<SqlConnection, Future<T>> work) {
    return timely(pool.withTransaction(work));
  }

  private <T> Future<T> measured(Future<T> answer) {
    long begun = System.nanoTime();
    return timely(answer)
        .onComplete(end -> telemetry.answered(end.cause(), System.nanoTime() - begun));
  }

  /** What became of it, on the loop of the caller, and in time. */
  private <T> Future<T> timely(Future<T> answer) {
    Promise<T> here = Promise.promise();
    Context home = vertx.getOrCreateContext();
    long timer =
        vertx.setTimer(
            limit.toMillis(), late -> here.fail(new TimeoutException("no answer within " + limit)));
    answer.onComplete(
        done ->
            home.runOnContext(
                go -> {
                  if (vertx.cancelTimer(timer)) {
                    here.handle(done);
                  }
                }));
    return here.future();
  }

  private Future<Void> ready(Tables wanted) {
    Future<Void> made =
        tables.computeIfAbsent(wanted.name(), first -> SchemaKeeper.keep(pool, wanted));
    if (made.succeeded()) {
      return made;
    }
    Context home = vertx.getOrCreateContext();
    Promise<Void> here = Promise.promise();
    made.onComplete(
        done -> {
          if (done.failed()) {
            tables.remove(wanted.name(), made);
          }
          home.runOnContext(go -> here.handle(done));
        });
    return here.future();
  }

  /** Closes every connection. Legal twice; never fails. */
  public Future<Void> close() {
    // One that is silent would keep it waiting.
    return pool.close().timeout(limit.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
