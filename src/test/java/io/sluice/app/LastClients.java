package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Clients that send what they are told to, piece by piece, and hear how it ends. */
final class LastClients {
  private static final int PATIENCE_SECONDS = 20;

  private LastClients() {}

  /** Lines both ways: those of a TCP source, or the head of HTTP/1. Used by one thread. */
  static final class Line implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Line(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_SECONDS * 1000);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /** An HTTP request whose head is sent, and of whose body the server has begun to read. */
    static Line begun(int port, int length) throws IOException {
      Line line = new Line(port);
      line.send(head(length, "Expect: 100-continue\r\n"));
      if (!line.next().equals("HTTP/1.1 100 Continue") || !line.next().isEmpty()) {
        throw new AssertionError("not asked to go on");
      }
      return line;
    }

    /** An HTTP request that is all sent. */
    static Line posted(int port, String body) throws IOException {
      Line line = new Line(port);
      line.send(head(body.length(), "") + body);
      return line;
    }

    private static String head(int length, String more) {
      return "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: "
          + length
          + "\r\n"
          + more
          + "\r\n";
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    /** The next line; null at the end. */
    String next() throws IOException {
      return in.readLine();
    }

    boolean heardNothing() throws IOException {
      return socket.getInputStream().available() == 0 && !in.ready();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** A client of {@code sluice.v1}. */
  static final class Live implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    Live(int port) {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .subprotocols("sluice.v1")
              .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/live"), this)
              .join();
    }

    void send(String event) {
      socket.sendText(event, true).join();
    }

    boolean heardNothing() {
      return heard.isEmpty();
    }

    /** The next frame, or how it was closed. */
    String next() {
      try {
        return String.valueOf(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException(e));
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        heard.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      heard.add("closed " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      heard.add("failed " + error);
    }
  }
}
