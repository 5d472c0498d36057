package io.sluice.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Leaves the bytes as they are. */
final class PlainPacker implements Packer {
  @Override
  public void pack(ByteBuffer raw, FileChannel to) throws IOException {
    Packer.write(raw, to);
  }

  @Override
  public void finish(FileChannel to) {}

  @Override
  public void close() {}
}
