package io.sluice.cli.send;

import io.sluice.cli.target.Target;
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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
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
  private final Target to;
  private final MultiMap headers;
  private final Backlog backlog;

  private @Nullable WebSocket socket;
  private boolean ready;
  private boolean connecting;
  private boolean closed;
  private String session = "";
  private long through;
  private long credit;
  private long underWay;

  WebSocketSender(Vertx vertx, Target to, MultiMap headers, Duration retryFor) {
    this.vertx = vertx;
    this.to = to;
    this.headers = headers;
    this.backlog = new Backlog(retryFor);
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setConnectTimeout(5_000)
            .setMaxFrameSize(MAX_FRAME)
            .setTryUsePerMessageCompression(false);
    to.tls().ifPresent(tls -> tls.secure(options));
    this.client = vertx.createWebSocketClient(options);
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
                backlog.end(Answer.detail(refused.getStatus(), refused.getBody()));
              } else {
                again(String.valueOf(opened.cause().getMessage()));
              }
            });
  }

  private String target() {
    if (session.isEmpty()) {
      return to.url().toString();
    }
    return to.url() + (to.url().getRawQuery() == null ? "?" : "&") + "session=" + session;
  }

  private void connected(WebSocket opened) {
    if (!PROTOCOL.equals(opened.subProtocol())) {
      opened.close();
      backlog.end("the server does not speak " + PROTOCOL);
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
    if (closed || backlog.lines().isEmpty()) {
      return;
    }
    Short code = gone.closeStatusCode();
    String why =
        "closed with " + code + (gone.closeReason() == null ? "" : ", " + gone.closeReason());
    // What may not be sent is not to be sent again; everything else may pass.
    if (code != null && (code == 1003 || (code >= 1007 && code <= 1009))) {
      backlog.end(why);
    } else {
      again(why);
    }
  }

  private void again(String why) {
    backlog.retry(why).ifPresent(delay -> vertx.setTimer(delay, timer -> connect()));
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
      backlog.end("the server does not speak " + PROTOCOL);
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
    backlog.sendAllAgain();
    ready = true;
  }

  private void acknowledged(long upTo) {
    for (; through < upTo && !backlog.lines().isEmpty(); through++) {
      underWay -= backlog.settle().bytes().length();
    }
  }

  private void refused(long number, String detail) {
    Iterator<Cargo.Line> each = backlog.lines().iterator();
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
    ArrayDeque<Cargo.Line> unsent = backlog.unsent();
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
