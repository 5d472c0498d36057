package io.sluice.source.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket that sends any bytes, however wrong, and reads HTTP/1 answers. Used by one thread. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  /** An answer; header names in lower case. */
  record Answer(int status, String version, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawClient(int port) {
    this(connected(port));
  }

  /** Speaks TLS, and has shaken hands already. */
  RawClient(int port, SSLContext context) {
    this(secured(port, context, tls -> {}));
  }

  RawClient(Socket socket) {
    this.socket = socket;
    try {
      in = socket.getInputStream();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Comes from another address than others: {@code 127.0.0.2}, say. */
  static RawClient from(String address, int port) {
    return new RawClient(connected(address, port));
  }

  private static Socket connected(int port) {
    return connected("127.0.0.1", port);
  }

  private static Socket connected(String from, int port) {
    try {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(from, 0));
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      return socket;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A TLS connection that is made with changes. */
  static SSLSocket secured(int port, SSLContext context, Consumer<SSLParameters> changes) {
    try {
      SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(connected(port), "localhost", port, true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      changes.accept(parameters);
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      return tls;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Sends characters as bytes, one each. */
  RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  /** Sends, unless the other side has closed already. */
  boolean trySend(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  RawClient finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  /** The head of a POST to the usual path. */
  static String head(String... headers) {
    StringBuilder head = new StringBuilder("POST /v1/events HTTP/1.1\r\nHost: x\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  static String post(String path, String type, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: x\r\n");
    request.append("Content-Type: ").append(type).append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    int length = body.length();
    return request.append("Content-Length: ").append(length).append("\r\n\r\n") + body;
  }

  /** Sends JSON to the usual path and reads the answer. */
  Answer json(String body, String... headers) {
    return send(post("/v1/events", "application/json", body, headers)).answer();
  }

  /** Reads one answer. */
  Answer answer() {
    try {
      String[] status = line().split(" ", 3);
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      return new Answer(Integer.parseInt(status[1]), status[0], headers, body);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the other side closes, however it does, before patience runs out. */
  boolean closes() {
    try {
      while (in.read() >= 0) {
        // Whatever it still has to say.
      }
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
