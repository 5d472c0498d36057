package io.sluice.source.poll.directory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of lines of 200 bytes, each mebibyte of which is another. */
public final class LargeFile {
  /** Bytes of a line, with its end. */
  public static final int LINE = 200;

  private static final int LINES = (1 << 20) / LINE;

  private LargeFile() {}

  /** Writes it; answers how many lines it has. */
  public static long write(Path file, int mebibytes) throws IOException {
    return write(file, 0, mebibytes);
  }

  /** Writes it, its mebibytes numbered from {@code first}; answers how many lines it has. */
  public static long write(Path file, int first, int mebibytes) throws IOException {
    String same = ("x".repeat(LINE - 1) + "\n").repeat(LINES - 1);
    byte[] block =
        ("%0" + (LINE - 1) + "d%n%s").formatted(0, same).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = first; i < first + mebibytes; i++) {
        byte[] number = "%012d".formatted(i).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(number, 0, block, 0, number.length);
        out.write(block);
      }
    }
    return (long) mebibytes * LINES;
  }
}
