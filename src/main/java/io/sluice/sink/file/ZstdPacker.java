package io.sluice.sink.file;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Frames of a zstd file (RFC 8878), one a finish. */
final class ZstdPacker implements Packer {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setChecksum(true);
  private final ByteBuffer packed = ByteBuffer.allocateDirect(64 << 10);
  private boolean begun;

  @Override
  public void pack(ByteBuffer raw, FileChannel to) throws IOException {
    begun = true;
    while (raw.hasRemaining()) {
      zstd.compressDirectByteBufferStream(packed, raw, EndDirective.CONTINUE);
      if (!packed.hasRemaining()) {
        drain(to);
      }
    }
  }

  @Override
  public void finish(FileChannel to) throws IOException {
    if (!begun) {
      return;
    }
    boolean done;
    do {
      done = zstd.compressDirectByteBufferStream(packed, NOTHING, EndDirective.END);
      drain(to);
    } while (!done);
    begun = false;
  }

  private void drain(FileChannel to) throws IOException {
    Packer.write(packed.flip(), to);
    packed.clear();
  }

  @Override
  public void close() {
    zstd.close();
  }
}
