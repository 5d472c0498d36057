package io.sluice.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The client's own books: which ids it gave out, and which of them were acknowledged.
 *
 * <p>Every id is used for one request, whatever comes of it. Safe for use by several threads.
 */
final class Ledger {
  private static final Pattern ID = Pattern.compile("^\\{\"id\":([0-9]+),.*\"}$");

  /** Ids from {@code first} on, acknowledged together. */
  private record Entry(long first, int count, int round) {}

  private final AtomicLong next = new AtomicLong();
  private final List<Entry> entries = new ArrayList<>();

  /** Takes so many ids that nobody had before; the first of them. */
  long take(int count) {
    return next.getAndAdd(count);
  }

  /** How many ids were given out. */
  long taken() {
    return next.get();
  }

  /** Notes that ids were acknowledged: only now does the client count on them. */
  synchronized void acknowledged(long first, int count, int round) {
    entries.add(new Entry(first, count, round));
  }

  synchronized long acknowledged() {
    return entries.stream().mapToLong(Entry::count).sum();
  }

  /** Compares with the files in a directory; what is wrong, one sentence each. */
  synchronized List<String> compare(Path directory) {
    byte[] seen = new byte[Math.toIntExact(next.get())];
    List<String> wrong = new ArrayList<>();
    for (Path file : files(directory)) {
      count(file, seen, wrong);
    }
    for (Entry entry : entries) {
      for (int i = 0; i < entry.count(); i++) {
        if (seen[(int) entry.first() + i] == 0) {
          wrong.add("missing: " + (entry.first() + i) + ", acknowledged in " + entry.round());
        }
      }
    }
    for (int id = 0; id < seen.length; id++) {
      if (seen[id] > 1) {
        wrong.add("there " + seen[id] + " times: " + id);
      }
    }
    return wrong;
  }

  /** How many acknowledged ids the files lack. */
  long missing(Path directory) {
    return compare(directory).stream().filter(line -> line.startsWith("missing")).count();
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void count(Path file, byte[] seen, List<String> wrong) {
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher id = ID.matcher(line);
        if (!id.matches() || Long.parseLong(id.group(1)) >= seen.length) {
          wrong.add("not a line that was sent: " + line + " in " + file);
        } else {
          seen[Integer.parseInt(id.group(1))]++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An event with the given id, of varying length. */
  static String event(long id, int padding) {
    char[] pad = new char[padding];
    Arrays.fill(pad, 'x');
    return "{\"id\":" + id + ",\"pad\":\"" + new String(pad) + "\"}";
  }
}
