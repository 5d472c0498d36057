package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What is kept of a source: who may move its cursor, and where that is. Immutable.
 *
 * <p>Little endian: the magic number, the version, the term, the number of parts, for each its name
 * and its text as UTF-8 behind their lengths, and CRC-32C over all of it. Magic number, version and
 * checksum stay where they are in every version.
 *
 * @param term grows with each holder, from 1 on
 */
public record CursorRecord(long term, Cursor cursor) {
  private static final long MAGIC = 0x524F5352_55434C53L; // "SLCURSOR"
  private static final int VERSION = 1;
  private static final int LEAST = 8 + 4 + 4;

  /** The file's content. */
  public byte[] encode() {
    List<byte[]> texts = new ArrayList<>();
    cursor
        .parts()
        .forEach(
            (name, text) -> {
              texts.add(name.getBytes(StandardCharsets.UTF_8));
              texts.add(text.getBytes(StandardCharsets.UTF_8));
            });
    int bytes = 8 + 4 + 8 + 4 + 4;
    for (byte[] text : texts) {
      bytes = Math.addExact(bytes, 4 + text.length);
    }
    byte[] content = new byte[bytes];
    ByteBuffer out = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(VERSION).putLong(term).putInt(texts.size() / 2);
    texts.forEach(text -> out.putInt(text.length).put(text));
    out.putInt(checksum(content, bytes - 4));
    return content;
  }

  /**
   * What a file says.
   *
   * @param what the file, for the operator
   * @throws CursorLostException when it is damaged, or of a later version
   */
  public static CursorRecord decode(byte[] content, String what) throws CursorLostException {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < LEAST || in.getLong(0) != MAGIC) {
      throw new CursorLostException(what + " is damaged: it does not begin as a cursor does");
    }
    int sum = content.length - 4;
    if (in.getInt(sum) != checksum(content, sum)) {
      throw new CursorLostException(what + " is damaged: its checksum does not fit");
    }
    int version = in.getInt(8);
    if (version != VERSION) {
      throw new CursorLostException(
          what + " is of version " + version + ", and this gateway reads version " + VERSION);
    }
    try {
      in.position(12);
      long term = in.getLong();
      int count = in.getInt();
      Map<String, String> parts = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        String name = text(in);
        parts.put(name, text(in));
      }
      return new CursorRecord(term, Cursor.of(parts));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new CursorLostException(what + " is damaged: it ends too early", e);
    }
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static int checksum(byte[] content, int end) {
    CRC32C sum = new CRC32C();
    sum.update(content, 0, end);
    return (int) sum.getValue();
  }
}
