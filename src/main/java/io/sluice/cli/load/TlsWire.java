package io.sluice.cli.load;

import io.sluice.cli.target.Target;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** TLS as a client; the server's certificate has to be one for the target's name. */
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer in;
  private final ByteBuffer out;
  private boolean begun;

  private TlsWire(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    int record = engine.getSession().getPacketBufferSize();
    in = ByteBuffer.allocate(record);
    out = ByteBuffer.allocateDirect(record).flip();
  }

  static TlsWire of(SocketChannel channel, SSLContext context, Target target) {
    SSLEngine engine = context.createSSLEngine(target.host(), target.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return new TlsWire(channel, engine);
  }

  @Override
  public boolean shake() throws IOException {
    if (!begun) {
      begun = true;
      engine.beginHandshake();
    }
    while (flush()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          Runnable task = engine.getDelegatedTask();
          if (task != null) {
            task.run();
          }
        }
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrap(NOTHING).getStatus() == Status.BUFFER_UNDERFLOW && !receive()) {
            return false;
          }
        }
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  /** The records that were read hold less than one buffer, and are always used up here. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    receive();
    SSLEngineResult result;
    do {
      result = unwrap(into);
      if (result.getStatus() == Status.CLOSED) {
        return -1;
      }
    } while (result.getStatus() == Status.OK && result.bytesConsumed() > 0);
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new SSLException("the server's records are larger than they may be");
    }
    return into.position() - before;
  }

  @Override
  public boolean write(ByteBuffer from) throws IOException {
    while (flush()) {
      if (!from.hasRemaining()) {
        return true;
      }
      wrap(from);
    }
    return false;
  }

  @Override
  public boolean full() {
    return out.hasRemaining();
  }

  private void wrap(ByteBuffer from) throws SSLException {
    out.clear();
    engine.wrap(from, out);
    out.flip();
  }

  private SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
    in.flip();
    try {
      return engine.unwrap(in, into);
    } finally {
      in.compact();
    }
  }

  /** Reads from the socket; whether anything came. */
  private boolean receive() throws IOException {
    int count = channel.read(in);
    if (count < 0) {
      throw new EOFException("closed by the server");
    }
    return count > 0;
  }

  private boolean flush() throws IOException {
    if (out.hasRemaining()) {
      channel.write(out);
    }
    return !out.hasRemaining();
  }
}
