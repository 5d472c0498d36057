package io.sluice.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Messages of {@code sluice.v1}, with the JDK's client; all connections go on with one session. */
final class SessionLink implements Link {
  private static final String ENDED = "";

  /** A client's session, over all of its connections. Used by one thread. */
  static final class Session implements Link.Opening {
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final URI to;
    private String name = "";
    private long through;

    Session(URI to) {
      this.to = to;
    }

    @Override
    public Link open() throws IOException, InterruptedException {
      Heard heard = new Heard();
      URI target = URI.create(to + (name.isEmpty() ? "" : "?session=" + name));
      try {
        WebSocket socket =
            client
                .newWebSocketBuilder()
                .subprotocols("sluice.v1")
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(target, heard)
                .join();
        return new SessionLink(this, socket, heard);
      } catch (CompletionException e) {
        throw new IOException("not opened", e);
      }
    }
  }

  private final Session session;
  private final WebSocket socket;
  private final Heard heard;
  private final long from;
  private final long had;

  private SessionLink(Session session, WebSocket socket, Heard heard)
      throws IOException, InterruptedException {
    this.session = session;
    this.socket = socket;
    this.heard = heard;
    JsonNode ready = next().path("ready");
    from = ready.path("through").asLong();
    had = Math.max(0, from - session.through);
    session.through = from;
    session.name = ready.path("session").asText();
  }

  @Override
  public long had() {
    return had;
  }

  @Override
  public void send(String event) throws IOException {
    try {
      socket.sendText(event, true).join();
    } catch (CompletionException e) {
      throw new IOException("not sent", e);
    }
  }

  @Override
  public long settled() throws IOException, InterruptedException {
    JsonNode frame = next();
    if (frame.has("ack")) {
      session.through = frame.path("ack").path("through").asLong();
    } else if (frame.has("refused")) {
      throw new IllegalStateException("refused: " + frame);
    }
    return session.through - from;
  }

  private JsonNode next() throws IOException, InterruptedException {
    String text = heard.frames.poll(30, TimeUnit.SECONDS);
    if (text == null || text.equals(ENDED)) {
      throw new EOFException(text == null ? "nothing heard" : "closed");
    }
    return session.json.readTree(text);
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        frames.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      frames.add(ENDED);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      frames.add(ENDED);
    }
  }
}
