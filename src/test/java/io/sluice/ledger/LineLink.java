package io.sluice.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** Lines over TCP, with receipts; what the server had before, it does not say. */
final class LineLink implements Link {
  private final Socket socket;
  private final OutputStream out;
  private final BufferedReader in;

  LineLink(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    out = new BufferedOutputStream(socket.getOutputStream());
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  @Override
  public long had() {
    return 0;
  }

  @Override
  public void send(String event) throws IOException {
    out.write((event + "\n").getBytes(UTF_8));
  }

  @Override
  public long settled() throws IOException {
    out.flush();
    String line = in.readLine();
    if (line == null || line.startsWith("ERR draining") || !line.matches("[0-9]+|ERR .*")) {
      throw new EOFException("closed");
    }
    return Long.parseLong(line);
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
