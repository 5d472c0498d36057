package io.sluice.source.poll.sql;

import io.sluice.connector.PollException;
import io.vertx.core.VertxException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What the failures of a database mean for a poll: decided here, by SQLSTATE and error code. */
final class SqlFailures {
  /** MySQL: access denied, no such database, access denied to it. */
  private static final Set<Integer> MYSQL_ACCESS = Set.of(1044, 1045, 1049, 1698);

  /** MySQL and MariaDB: the query took longer than it may, or was ended by somebody. */
  private static final Set<Integer> MYSQL_INTERRUPTED = Set.of(1317, 1969, 3024);

  /** MySQL: too many connections, of all or of the user; shutting down. */
  private static final Set<Integer> MYSQL_BUSY = Set.of(1040, 1053, 1203, 1226);

  private SqlFailures() {}

  /**
   * What a failure to connect means.
   *
   * @param tls whether TLS was asked for. The client then does not always say what was wrong with
   *     it: what is no failure of the network is taken for one of TLS
   */
  static Throwable connecting(Throwable failure, boolean tls) {
    if (failure instanceof DatabaseException said) {
      return of(said);
    }
    if (failure instanceof TimeoutException) {
      return PollException.passing("connect", "no connection within connectTimeout");
    }
    boolean network = failure instanceof IOException && !(failure instanceof SSLException);
    return PollException.passing(
        tls && !network ? "tls" : "connect",
        "the database cannot be connected to: " + failure.getMessage());
  }

  /** What the failure of a query means. */
  static Throwable asking(Throwable failure) {
    if (failure instanceof DatabaseException said) {
      return of(said);
    }
    if (failure instanceof TimeoutException) {
      return PollException.passing("statement-timeout", "the database did not answer in time");
    }
    return failure instanceof IOException || failure instanceof VertxException
        ? PollException.passing("connection-lost", "the connection to the database broke off")
        : failure;
  }

  private static PollException of(DatabaseException said) {
    String state = Objects.requireNonNullElse(said.getSqlState(), "");
    int code = said.getErrorCode();
    String sentence = "the database says " + state + (code == 0 ? "" : ", error " + code);
    if (state.startsWith("28") || state.equals("3D000") || MYSQL_ACCESS.contains(code)) {
      return PollException.lasting("auth", sentence + ": " + said.getMessage());
    }
    if (state.equals("57014") || MYSQL_INTERRUPTED.contains(code)) {
      return PollException.passing("statement-timeout", sentence + ": the query was ended");
    }
    if (state.startsWith("53") || MYSQL_BUSY.contains(code)) {
      return PollException.passing("busy", sentence + ": it is too busy");
    }
    if (state.startsWith("57P") || state.startsWith("08")) {
      return PollException.passing("connection-lost", sentence + ": it ended the connection");
    }
    if (state.startsWith("42") || state.startsWith("25")) {
      return PollException.lasting("query", sentence + ": " + said.getMessage());
    }
    // What it says of data may repeat them.
    if (state.startsWith("22")) {
      return PollException.lasting("query", sentence + ": a value does not fit");
    }
    return PollException.passing("query-failed", sentence);
  }
}
