package io.sluice.codec;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Undoes {@code br} (RFC 7932). */
final class BrotliInflation implements Inflation {
  private final Bound bound;
  private final DecoderJNI.Wrapper stream;
  private final byte[] step = new byte[Bound.STEP];
  private boolean closed;

  BrotliInflation(Bound bound) {
    this.bound = bound;
    try {
      this.stream = new DecoderJNI.Wrapper(Bound.STEP);
    } catch (IOException none) {
      throw new IllegalStateException("no brotli decoder", none);
    }
  }

  @Override
  public Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    bound.consumed(length);
    int at = offset;
    int to = offset + length;
    while (at < to) {
      if (stream.getStatus() == DecoderJNI.Status.DONE) {
        return Bound.corrupt("there is more behind the end of the brotli data");
      }
      ByteBuffer chunk = stream.getInputBuffer();
      chunk.clear();
      int size = Math.min(chunk.remaining(), to - at);
      chunk.put(in, at, size);
      at += size;
      stream.push(size);
      Optional<Failure> failure = drain(out);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private Optional<Failure> drain(Output out) {
    while (true) {
      switch (stream.getStatus()) {
        case OK -> stream.push(0);
        case NEEDS_MORE_OUTPUT -> {
          ByteBuffer inflated = stream.pull();
          while (inflated.hasRemaining()) {
            int size = Math.min(step.length, inflated.remaining());
            inflated.get(step, 0, size);
            Optional<Failure> failure = bound.pass(step, 0, size, out);
            if (failure.isPresent()) {
              return failure;
            }
          }
        }
        case ERROR -> {
          return Bound.corrupt("the brotli data are damaged");
        }
        case DONE, NEEDS_MORE_INPUT -> {
          return Optional.empty();
        }
      }
    }
  }

  @Override
  public Optional<Failure> finish() {
    return stream.getStatus() == DecoderJNI.Status.DONE ? Optional.empty() : Bound.truncated();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stream.destroy();
    }
  }
}
