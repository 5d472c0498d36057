package io.sluice.cli.send;

import io.sluice.cli.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines over TCP, on one connection at a time.
 *
 * <p>Where the server gives receipts, a line is settled when it is counted, and those that are not
 * when a connection breaks are sent again on the next: at least once. Where it says nothing for a
 * while after everything was sent, it gives none; lines then count as sent, and neither as accepted
 * nor as failed. Confined to the event loop of the context it is first called on.
 */
final class TcpSender implements Sender {
  /** What a line is refused for, so that it is of no use to send it again. */
  private static final Set<String> BAD_LINE =
      Set.of("too-long", "too-large", "bad-length", "invalid-json", "invalid-text");

  /** What a connection is refused for whatever is sent. */
  private static final Set<String> BAD_CLIENT =
      Set.of("unauthorized", "forbidden", "expired-credentials", "mixed-framing");

  private final Vertx vertx;
  private final NetClient client;
  private final Target to;
  private final Duration firstReceipt;
  private final Backlog backlog;

  private @Nullable NetSocket socket;
  private boolean connecting;
  private boolean closed;
  private boolean heard;
  private boolean silent;
  private String lastWords = "";
  private long through;
  private long silence;

  /**
   * A sender without a connection.
   *
   * @param firstReceipt how long a server may take for it
   */
  TcpSender(Vertx vertx, Target to, Duration retryFor, Duration firstReceipt) {
    this.vertx = vertx;
    this.to = to;
    this.firstReceipt = firstReceipt;
    this.backlog = new Backlog(retryFor);
    NetClientOptions options =
        new NetClientOptions().setConnectTimeout(5_000).setHostnameVerificationAlgorithm("HTTPS");
    to.tls().ifPresent(tls -> tls.secure(options));
    this.client = vertx.createNetClient(options);
  }

  @Override
  public Future<Result> send(Chunk chunk) {
    Future<Result> result = backlog.add(chunk);
    if (socket == null) {
      connect();
    } else {
      pump();
    }
    return result;
  }

  @Override
  public void close() {
    closed = true;
    NetSocket open = socket;
    if (open != null) {
      open.close();
    }
    client.close();
  }

  private void connect() {
    if (connecting || closed) {
      return;
    }
    connecting = true;
    client
        .connect(to.port(), to.host())
        .onComplete(
            opened -> {
              connecting = false;
              if (opened.succeeded()) {
                connected(opened.result());
              } else {
                again(String.valueOf(opened.cause().getMessage()));
              }
            });
  }

  private void connected(NetSocket opened) {
    socket = opened;
    through = 0;
    lastWords = "";
    backlog.sendAllAgain();
    opened.handler(RecordParser.newDelimited("\n", line -> heard(line.toString())));
    opened.drainHandler(drained -> pump());
    opened.exceptionHandler(broken -> {});
    opened.closeHandler(over -> disconnected());
    pump();
  }

  private void pump() {
    NetSocket open = socket;
    ArrayDeque<Cargo.Line> unsent = backlog.unsent();
    while (open != null && !unsent.isEmpty() && !open.writeQueueFull()) {
      Buffer some = Buffer.buffer();
      while (!unsent.isEmpty() && some.length() < 64 << 10) {
        some.appendBuffer(unsent.remove().bytes()).appendByte((byte) '\n');
      }
      open.write(some).onSuccess(written -> waitForWord());
    }
  }

  /** Everything is sent: a server with receipts says so sooner or later. */
  private void waitForWord() {
    if (!backlog.unsent().isEmpty() || backlog.lines().isEmpty() || heard) {
      return;
    }
    if (silent) {
      backlog.allSent();
    } else if (silence == 0) {
      silence = vertx.setTimer(firstReceipt.toMillis(), timer -> nothingHeard());
    }
  }

  private void nothingHeard() {
    silence = 0;
    if (!heard && socket != null) {
      silent = true;
      waitForWord();
    }
  }

  private void heard(String line) {
    if (line.startsWith("ERR ")) {
      lastWords = line.substring("ERR ".length());
      return;
    }
    heard = true;
    try {
      acknowledged(Long.parseLong(line));
    } catch (NumberFormatException notOurs) {
      backlog.end("the server does not speak of receipts");
    }
  }

  private void acknowledged(long upTo) {
    for (; through < upTo && !backlog.lines().isEmpty(); through++) {
      backlog.settle();
    }
  }

  private void disconnected() {
    socket = null;
    ArrayDeque<Cargo.Line> lines = backlog.lines();
    if (closed || (lines.isEmpty() && lastWords.isEmpty())) {
      return;
    }
    String code = lastWords.split(" ", 2)[0];
    if (heardOrFirst() && BAD_LINE.contains(code) && !lines.isEmpty()) {
      // All before it are counted, so it is the first that is not.
      Cargo.Line bad = lines.remove();
      bad.refused(lastWords);
      bad.settled();
      if (!lines.isEmpty()) {
        connect();
      }
    } else if (BAD_CLIENT.contains(code) || silent) {
      backlog.end(lastWords.isEmpty() ? "closed by the server" : lastWords);
    } else {
      again(lastWords.isEmpty() ? "closed by the server" : lastWords);
    }
  }

  /** Whether it is known which line the server speaks of: all it kept it has counted. */
  private boolean heardOrFirst() {
    return heard || backlog.lines().size() == 1;
  }

  private void again(String why) {
    backlog.retry(why).ifPresent(delay -> vertx.setTimer(delay, timer -> connect()));
  }
}
