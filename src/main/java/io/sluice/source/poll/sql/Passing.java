package io.sluice.source.poll.sql;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.event.Origin;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One poll under way: some rows are fetched, put, and then the next ones. Confined to one event
 * loop.
 */
final class Passing {
  /** How many rows are fetched before it is known how large they are. */
  private static final int FIRST = 32;

  private final SqlSourceConfig config;
  private final boolean byId;
  private final boolean limited;
  private final PollContext context;
  private final SqlTelemetry telemetry;
  private final Place from;
  private final Intake into;
  private final Promise<Polled> done = Promise.promise();
  private final Rows rows = new Rows();

  private Iterator<Row> fetched = Collections.emptyIterator();
  private @Nullable Session session;
  private @Nullable Shape shape;
  private @Nullable Ties ties;
  private @Nullable RowJson json;
  private long found;
  private long fresh;
  private long bytes;
  private int largest;
  private boolean ended;

  Passing(
      SqlSourceConfig config,
      Template template,
      PollContext context,
      SqlTelemetry telemetry,
      Cursor from,
      Intake into) {
    this.config = config;
    this.byId = template.has(Template.Place.ID);
    this.limited = template.has(Template.Place.LIMIT);
    this.context = context;
    this.telemetry = telemetry;
    this.from = Place.of(from);
    this.into = into;
  }

  /** How much was read. */
  long bytes() {
    return bytes;
  }

  /** Ends it, if it has begun. */
  void cut() {
    end(Future.succeededFuture(Polled.more(Step.NONE)));
  }

  /** Asks, and reads all rows. */
  Future<Polled> through(Session session, Shape shape, Statement statement, boolean mariaDb) {
    if (ended) {
      return done.future();
    }
    this.session = session;
    this.shape = shape;
    this.ties = new Ties(from, shape.cursorType().order(), byId);
    this.json = new RowJson(shape.names(), shape.forms(), rows);
    String value = from.value().orElse(config.cursor().initial());
    session
        .ask(statement, statement.values(value, from.id().orElse(null)), mariaDb)
        .compose(asked -> session.next(Math.min(FIRST, config.fetch())))
        .onComplete(answer -> arrived(answer));
    return done.future();
  }

  private void arrived(AsyncResult<RowSet<Row>> answer) {
    if (answer.failed()) {
      end(Future.failedFuture(answer.cause()));
    } else if (!ended) {
      fetched = answer.result().iterator();
      goOn();
    }
  }

  private void goOn() {
    if (ended) {
      return;
    }
    PollException wrong = null;
    try {
      while (fetched.hasNext() && rows.end() < into.batchBytes()) {
        take(fetched.next());
      }
    } catch (PollException bad) {
      wrong = bad;
      rows.drop();
      fetched = Collections.emptyIterator();
    }
    PollException failure = wrong;
    boolean last = failure != null || (!fetched.hasNext() && !hasMore());
    if (rows.isEmpty() || !(last || fetched.hasNext() || rows.end() >= into.batchBytes())) {
      next(failure, last);
    } else {
      Origin origin =
          new Origin(
              context.name(), Origin.ANONYMOUS, "application/json", context.clock().instant());
      into.put(rows.batch(origin, config.id().isPresent()), place().step())
          .onComplete(
              put -> {
                if (put.failed()) {
                  end(Future.failedFuture(put.cause()));
                } else {
                  next(failure, last);
                }
              });
    }
  }

  private void next(@Nullable PollException failure, boolean last) {
    Session open = session;
    if (ended || open == null) {
      return;
    }
    if (failure != null) {
      end(Future.failedFuture(failure));
    } else if (last) {
      end(over());
    } else if (fetched.hasNext()) {
      goOn();
    } else {
      into.alive();
      open.next(howMany()).onComplete(answer -> arrived(answer));
    }
  }

  /** As many as fit into a batch, by the largest that was seen. */
  private int howMany() {
    int fit = into.batchBytes() / Math.max(1, largest);
    return Math.max(1, Math.min(config.fetch(), fit));
  }

  private Future<Polled> over() {
    Step step = place().step();
    if (!limited || found < config.limit()) {
      return Future.succeededFuture(Polled.all(step));
    }
    return fresh > 0
        ? Future.succeededFuture(Polled.more(step))
        : Future.failedFuture(
            PollException.lasting(
                "cursor-stuck",
                "a whole page of rows was read before: the query has to go on behind ({cursor},"
                    + " {id}), or `limit` has to be larger than the number of rows with one"
                    + " value"));
  }

  private Place place() {
    return ties == null ? from : ties.place();
  }

  private boolean hasMore() {
    return session != null && session.hasMore();
  }

  private void take(Row row) {
    Shape columns = shape;
    Ties known = ties;
    RowJson out = json;
    if (columns == null || known == null || out == null) {
      throw new IllegalStateException("no query was asked");
    }
    found++;
    String value =
        text(row, columns.cursor(), columns.cursorType())
            .orElseThrow(() -> bad(config.cursor().column()));
    Optional<String> id = Optional.empty();
    if (columns.id() >= 0) {
      id = text(row, columns.id(), columns.idType());
      if (id.isEmpty()) {
        throw bad(config.id().orElse(""));
      }
    }
    int start = rows.end();
    out.write(row);
    int size = rows.end() - start;
    bytes += size;
    largest = Math.max(largest, size);
    if (!known.take(value, id, rows.region(), start, rows.end())) {
      rows.drop();
    } else if (size > into.maxEventBytes()) {
      fresh++;
      telemetry.tooLong();
      rows.drop();
    } else {
      fresh++;
      rows.keep(id.orElse(null));
    }
  }

  private static Optional<String> text(Row row, int column, KeyType type) {
    Object value = row.getValue(column);
    return value == null ? Optional.empty() : type.text(value);
  }

  private static PollException bad(String column) {
    return PollException.lasting(
        "cursor-null", "a row has no value in column " + column + " that a cursor can keep");
  }

  private void end(Future<Polled> how) {
    if (!ended) {
      ended = true;
      how.onComplete(done);
    }
  }
}
