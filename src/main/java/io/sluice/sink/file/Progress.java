package io.sluice.sink.file;

import io.sluice.event.Position;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * How far the sink is: where it stands in each stream, and how long each file that may hold more
 * than it should has to be. Kept as lines of text, the last of which is a checksum.
 *
 * @param positions by stream, what comes next
 * @param files those that have to be cut back after a crash
 */
record Progress(Map<String, Position> positions, List<Kept> files) {
  static final Progress NONE = new Progress(Map.of(), List.of());

  private static final String TITLE = "sluice-file-sink 1";

  /**
   * A file that is being written.
   *
   * @param file its absolute path
   * @param length how many of its bytes count
   * @param begun whether the sink created it and nothing in it counts yet, so that after a crash it
   *     goes as a whole
   */
  record Kept(Path file, long length, boolean begun) {}

  String text() {
    StringBuilder text = new StringBuilder(256).append(TITLE).append('\n');
    new TreeMap<>(positions)
        .forEach(
            (stream, position) ->
                text.append("position ")
                    .append(position.epoch())
                    .append(' ')
                    .append(position.ordinal())
                    .append(' ')
                    .append(URLEncoder.encode(stream, StandardCharsets.UTF_8))
                    .append('\n'));
    for (Kept kept : files) {
      text.append("file ")
          .append(kept.length())
          .append(kept.begun() ? " begun " : " kept ")
          .append(URLEncoder.encode(kept.file().toString(), StandardCharsets.UTF_8))
          .append('\n');
    }
    String crc = crc(text);
    return text.append("crc ").append(crc).append('\n').toString();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IOException when it is anything else; says what
   */
  static Progress parse(String text) throws IOException {
    int last = text.lastIndexOf("crc ");
    if (!text.startsWith("sluice-file-sink ")) {
      throw new IOException("is not a file sink's progress");
    }
    if (!text.startsWith(TITLE + "\n")) {
      throw new IOException("was written by a newer version: " + text.lines().findFirst().get());
    }
    if (last < 0 || !text.substring(last).equals("crc " + crc(text.substring(0, last)) + "\n")) {
      throw new IOException("is damaged: its checksum does not fit");
    }
    Map<String, Position> positions = new TreeMap<>();
    List<Kept> files = new ArrayList<>();
    try {
      for (String line : text.substring(TITLE.length() + 1, last).split("\n", -1)) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("position")) {
          positions.put(
              plain(words[3]), new Position(Integer.parseInt(words[1]), Long.parseLong(words[2])));
        } else if (words[0].equals("file")) {
          files.add(
              new Kept(
                  Path.of(plain(words[3])), Long.parseLong(words[1]), words[2].equals("begun")));
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException odd) {
      throw new IOException("is damaged", odd);
    }
    return new Progress(positions, files);
  }

  private static String plain(String word) throws InvalidPathException {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  private static String crc(CharSequence text) {
    CRC32C crc = new CRC32C();
    crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
