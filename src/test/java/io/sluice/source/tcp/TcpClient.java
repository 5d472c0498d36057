package io.sluice.source.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;

/** A client that knows nothing but bytes. */
final class TcpClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;

  TcpClient(int port) {
    this(connected(() -> new Socket(InetAddress.getLoopbackAddress(), port)));
  }

  TcpClient(int port, SSLContext tls) {
    this(connected(() -> tls.getSocketFactory().createSocket("localhost", port)));
  }

  private static Socket connected(Callable<Socket> made) {
    try {
      return made.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private TcpClient(Socket socket) {
    this.socket = socket;
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TcpClient send(String text) {
    return send(text.getBytes(UTF_8));
  }

  TcpClient send(byte[] bytes) {
    return send(bytes, 0, bytes.length);
  }

  TcpClient send(byte[] bytes, int from, int count) {
    try {
      socket.getOutputStream().write(bytes, from, count);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends nothing more, and goes on listening. */
  TcpClient end() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long to wait for what the server says. */
  void patience(java.time.Duration patience) {
    try {
      socket.setSoTimeout((int) patience.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line, without its end; what there is when the server ends first. */
  String line() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.write(b);
      }
      return line.toString(ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything until the server ends. */
  String rest() {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
