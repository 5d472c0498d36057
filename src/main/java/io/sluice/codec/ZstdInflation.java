package io.sluice.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Undoes {@code zstd} (RFC 8878): any number of frames, skippable ones among them. */
final class ZstdInflation implements Inflation {
  /** 8 MiB: what RFC 9659 lets a content coding ask for. */
  private static final int WINDOW_LOG = 23;

  private final Bound bound;
  private final ZstdDecompressCtx frames = new ZstdDecompressCtx().setLongMax(WINDOW_LOG);
  private final byte[] step = new byte[Bound.STEP];
  private boolean whole;

  ZstdInflation(Bound bound) {
    this.bound = bound;
  }

  @Override
  public Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    bound.consumed(length);
    ByteBuffer from = ByteBuffer.wrap(in, offset, length);
    ByteBuffer to = ByteBuffer.wrap(step);
    boolean full = false;
    try {
      // A full step may have left output inside, even when all input is consumed.
      while (from.hasRemaining() || full) {
        to.clear();
        whole = frames.decompressByteBufferStream(to, from);
        full = !to.hasRemaining() && !whole;
        Optional<Failure> failure = bound.pass(step, 0, to.position(), out);
        if (failure.isPresent()) {
          return failure;
        }
      }
      return Optional.empty();
    } catch (ZstdException bad) {
      return Bound.corrupt("the zstd data are damaged, or their window is over 8 MiB");
    }
  }

  @Override
  public Optional<Failure> finish() {
    return whole ? Optional.empty() : Bound.truncated();
  }

  @Override
  public void close() {
    frames.close();
  }
}
