package io.sluice.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.cli.target.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that are opened, send one event each, and then say nothing. Used by one thread. */
final class IdleClients implements AutoCloseable {
  private static final String HANDSHAKE =
      """
      GET /v1/live HTTP/1.1
      Host: x
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Protocol: sluice.v1

      """
          .replace("\n", "\r\n");

  /** A masked text frame, its mask all zero. */
  private static final byte[] MESSAGE = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '{', '}'};

  private static final byte[] LINE = {'{', '}', '\n'};

  private final List<SocketChannel> channels = new ArrayList<>();
  private final Protocol protocol;
  private final int port;
  private final ByteBuffer scratch = ByteBuffer.allocate(4096);

  IdleClients(Protocol protocol, int port) {
    this.protocol = protocol;
    this.port = port;
  }

  void open(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channels.add(channel);
      if (protocol == Protocol.WEBSOCKET) {
        channel.write(ByteBuffer.wrap(HANDSHAKE.getBytes(US_ASCII)));
        await(channel, "\"credit\":");
        push(channel);
      } else {
        push(channel);
      }
    }
  }

  private void push(SocketChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(protocol == Protocol.WEBSOCKET ? MESSAGE : LINE));
    await(channel, protocol == Protocol.WEBSOCKET ? "\"ack\":" : "\n");
  }

  private void await(SocketChannel channel, String wanted) throws IOException {
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf(wanted) < 0) {
      if (channel.read(scratch.clear()) < 0) {
        throw new EOFException("closed after " + heard);
      }
      heard.append(new String(scratch.array(), 0, scratch.position(), US_ASCII));
    }
  }

  /** Sends an event on each, and waits for its receipt. */
  void pushOnAll() throws IOException {
    for (SocketChannel channel : channels) {
      push(channel);
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
