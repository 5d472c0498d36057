package io.sluice.cli.send;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines as messages of {@code sluice.v1}, on one connection at a time, each until its receipt
 * is there or no progress was made for too long.
 *
 * <p>All connections go on with one session, so that what was stored and not acknowledged when one
 * broke is not sent again. Confined to the event loop of the context it is first called on.
 */
final class WebSocketSender implements Sender {
  private static final String PROTOCOL = "sluice.v1";
  private static final int MAX_FRAME = 64 << 10;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final URI to;
  private final MultiMap headers;
  private final Duration retryFor;
  private final Random jitter = new Random();
  private final Set<Cargo> cargos = new LinkedHashSet<>();

  /**
   * The lines without a receipt, in order: first those sent on this connection, then the others.
   */
  private final ArrayDeque<Cargo.Line> lines = new ArrayDeque<>();

  /** What of {@link #lines} is not sent on this connection. */
  private final ArrayDeque<Cargo.Line> unsent = new ArrayDeque<>();

  private @Nullable WebSocket socket;
  private boolean ready;
  private boolean connecting;
  private boolean closed;
  private String session = "";
  private long through;
  private long credit;
  private long underWay;
  private int attempts;
  private long progress = System.nanoTime();

  WebSocketSender(Vertx vertx, URI to, MultiMap headers, Duration retryFor) {
    this.vertx = vertx;
    this.to = to;
    this.headers = headers;
    this.retryFor = retryFor;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(5_000)
                .setMaxFrameSize(MAX_FRAME)
                .setTryUsePerMessageCompression(false));
  }

  @Override
  public Future<Result> send(Chunk chunk) {
    Cargo cargo = new Cargo(chunk);
    if (lines.isEmpty()) {
      progress = System.nanoTime();
    }
    cargos.add(cargo);
    for (Cargo.Line line : cargo.lines()) {
      lines.add(line);
      unsent.add(line);
    }
    if (socket == null) {
      connect();
    } else {
      pump();
    }
    return cargo.result().onComplete(done -> cargos.remove(cargo));
  }

  @Override
  public void close() {
    closed = true;
    WebSocket open = socket;
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
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setAbsoluteURI(target()).addSubProtocol(PROTOCOL);
    headers.forEach(options::addHeader);
    client
        .connect(options)
        .onComplete(
            opened -> {
              connecting = false;
              if (opened.succeeded()) {
                connected(opened.result());
              } else if (opened.cause() instanceof UpgradeRejectedException refused
                  && Answer.kind(refused.getStatus()) != Answer.Kind.AGAIN) {
                end(Answer.detail(refused.getStatus(), refused.getBody()));
              } else {
                again(String.valueOf(opened.cause().getMessage()));
              }
            });
  }

  private String target() {
    if (session.isEmpty()) {
      return to.toString();
    }
    return to + (to.getRawQuery() == null ? "?" : "&") + "session=" + session;
  }

  private void connected(WebSocket opened) {
    if (!PROTOCOL.equals(opened.subProtocol())) {
      opened.close();
      end("the server does not speak " + PROTOCOL);
      return;
    }
    socket = opened;
    ready = false;
    opened.textMessageHandler(this::heard).drainHandler(drained -> pump());
    opened.exceptionHandler(broken -> {});
    opened.closeHandler(over -> disconnected(opened));
  }

  private void disconnected(WebSocket gone) {
    socket = null;
    if (closed || lines.isEmpty()) {
      return;
    }
    Short code = gone.closeStatusCode();
    String why =
        "closed with " + code + (gone.closeReason() == null ? "" : ", " + gone.closeReason());
    // What may not be sent is not to be sent again; everything else may pass.
    if (code != null && (code == 1003 || (code >= 1007 && code <= 1009))) {
      end(why);
    } else {
      again(why);
    }
  }

  private void again(String why) {
    long delay = Sender.delayMillis(jitter, attempts++, Duration.ZERO);
    Duration spent = Duration.ofNanos(System.nanoTime() - progress).plusMillis(delay);
    if (spent.compareTo(retryFor) > 0) {
      end(why);
      return;
    }
    cargos.forEach(Cargo::retried);
    vertx.setTimer(delay, timer -> connect());
  }

  private void end(String why) {
    lines.clear();
    unsent.clear();
    for (Cargo cargo : cargos.toArray(new Cargo[0])) {
      cargo.end(why);
    }
  }

  private void heard(String text) {
    try {
      JsonObject frame = new JsonObject(text);
      if (frame.getValue("ready") instanceof JsonObject is) {
        resume(is);
      } else if (frame.getValue("ack") instanceof JsonObject ack) {
        acknowledged(ack.getLong("through", through));
        credit = ack.getLong("credit", credit);
      } else if (frame.getValue("refused") instanceof JsonObject no) {
        refused(no.getLong("number", 0L), no.getString("detail", "no reason given"));
      }
    } catch (DecodeException | ClassCastException notOurs) {
      end("the server does not speak " + PROTOCOL);
      return;
    }
    pump();
  }

  private void resume(JsonObject is) {
    session = is.getString("session", "");
    long there = is.getLong("through", 0L);
    acknowledged(there);
    // What is left is numbered from there on, whatever its numbers were.
    through = there;
    credit = is.getLong("credit", 0L);
    underWay = 0;
    unsent.clear();
    unsent.addAll(lines);
    ready = true;
  }

  private void acknowledged(long upTo) {
    for (; through < upTo && !lines.isEmpty(); through++) {
      Cargo.Line line = lines.remove();
      underWay -= line.bytes().length();
      progress = System.nanoTime();
      attempts = 0;
      line.settled();
    }
  }

  private void refused(long number, String detail) {
    Iterator<Cargo.Line> each = lines.iterator();
    for (long at = through + 1; each.hasNext(); at++) {
      Cargo.Line line = each.next();
      if (at == number) {
        line.refused(detail);
        return;
      }
    }
  }

  /** Sends as far as credit goes; a line that is alone always may. */
  private void pump() {
    WebSocket open = socket;
    while (open != null && ready && !unsent.isEmpty() && !open.writeQueueFull()) {
      Buffer bytes = unsent.element().bytes();
      if (underWay > 0 && underWay + bytes.length() > credit) {
        return;
      }
      unsent.remove();
      underWay += bytes.length();
      open.writeTextMessage(bytes.toString());
    }
  }
}
