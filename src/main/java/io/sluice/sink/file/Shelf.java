package io.sluice.sink.file;

import io.sluice.codec.LineFormat;
import io.sluice.config.ByteSize;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The open files of one sink, and how far each stream is in them. Confined to the sink's thread.
 *
 * <p>The rule that makes it exact: before the first byte goes to a file, progress that names the
 * file and its length is durable; and progress moves on only when the files are. Progress may be
 * saved in the middle of a delivery, because positions count events. After any failure {@link
 * #recover} does what it does after a crash: it believes only what is on disk.
 */
final class Shelf {
  private static final int WIDE_BUFFER = 256 << 10;
  private static final int KEYED_BUFFER = 16 << 10;

  private final FileSinkConfig config;
  private final LineFormat format;
  private final long maxBytes;
  private final Router router;
  private final Places places;
  private final ProgressFile progress;
  private final Disk disk;
  private final Clock clock;
  private final FileSinkTelemetry telemetry;
  private final Deque<ByteBuffer> spare = OutFile.spares();
  private final int bufferBytes;

  /** In order of use, the one used longest ago first. */
  private final Map<Target, OutFile> open = new LinkedHashMap<>(16, 0.75f, true);

  /** Rotated away, with something in them that is not committed. */
  private final List<OutFile> retiring = new ArrayList<>();

  private Map<String, Position> committed = Map.of();
  private final Map<String, Position> written = new HashMap<>();
  private long uncommitted;

  Shelf(
      FileSinkConfig config,
      String sink,
      Path memory,
      Disk disk,
      Clock clock,
      FileSinkTelemetry telemetry) {
    this.config = config;
    this.format = config.format();
    this.maxBytes = config.maxBytes().map(ByteSize::bytes).orElse(Long.MAX_VALUE);
    PathTemplate template = config.template();
    this.router = new Router(template, sink);
    this.places = new Places(template.root(), disk);
    this.progress = new ProgressFile(memory, disk);
    this.disk = disk;
    this.clock = clock;
    this.telemetry = telemetry;
    this.bufferBytes = template.perEvent() ? KEYED_BUFFER : WIDE_BUFFER;
  }

  /**
   * Forgets what is in memory, cuts every file back to what is committed, and says where the
   * streams stand.
   */
  Map<String, Position> recover() throws IOException {
    abandon();
    places.prepare();
    Progress saved = new Recovery(progress, disk, telemetry).cutBack();
    committed = Map.copyOf(saved.positions());
    written.clear();
    written.putAll(committed);
    return committed;
  }

  /** Bytes written since the last commit, before compression. */
  long uncommitted() {
    return uncommitted;
  }

  /** Whether a commit has anything to do. */
  boolean changed() {
    return uncommitted > 0 || !written.equals(committed);
  }

  /**
   * Writes what of a delivery is not written yet.
   *
   * @throws UnfitPathException when an event cannot be written anywhere; nothing is written then
   * @throws IOException when the disk failed; {@link #recover} has to follow
   */
  void write(Delivery delivery) throws IOException, UnfitPathException {
    List<Piece> pieces = router.pieces(delivery, known(delivery));
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      int from = piece.from();
      int least = 0;
      while (from < piece.to()) {
        OutFile file = open.get(piece.target());
        int to = file == null || elapsed(file) ? from : fitting(piece, from, file.size());
        if (file != null && to > from) {
          format.write(delivery.stream(), piece.first(), piece.batch(), from, to, file);
          uncommitted += bytes(piece.batch(), from, to);
          written.put(delivery.stream(), piece.first().plus(to));
          from = to;
        } else {
          if (file != null) {
            least = file.number() + 1;
            rotate(piece.target(), file);
          }
          begin(pieces, i, least);
        }
      }
    }
  }

  /** How many of a delivery's first events are written already: it has been tried before. */
  private long known(Delivery delivery) {
    Position stand = written.get(delivery.stream());
    if (stand == null || stand.epoch() != delivery.first().epoch()) {
      return 0;
    }
    return Math.max(0, stand.ordinal() - delivery.first().ordinal());
  }

  private boolean elapsed(OutFile file) {
    return file.window() != window(clock.millis());
  }

  private long window(long millis) {
    return Math.floorDiv(millis, config.every().map(Duration::toMillis).orElse(Long.MAX_VALUE));
  }

  /** Behind the last event from {@code from} on that a file of this size still takes. */
  private int fitting(Piece piece, int from, long size) {
    if (size >= maxBytes) {
      return from;
    }
    long left = maxBytes - size;
    if (config.compression() != Compression.NONE
        || format != LineFormat.PAYLOAD
        || bytes(piece.batch(), from, piece.to()) <= left) {
      return piece.to();
    }
    int to = from;
    while (to < piece.to() && bytes(piece.batch(), from, to + 1) <= left) {
      to++;
    }
    return to == from && size == 0 ? from + 1 : to;
  }

  private static long bytes(Batch batch, int from, int to) {
    int feeds = batch.lines() ? 1 : to - from;
    return (long) batch.end(to - 1) - batch.start(from) + feeds;
  }

  private void rotate(Target target, OutFile file) throws IOException {
    open.remove(target);
    if (file.dirty()) {
      retiring.add(file);
    } else {
      file.close();
    }
  }

  /** Opens the file of a piece and, in one go, those that later pieces need. */
  private void begin(List<Piece> pieces, int at, int least) throws IOException {
    if (open.size() + retiring.size() >= config.maxOpenFiles()) {
      commit();
      closeEldest();
    }
    int room = Math.max(1, config.maxOpenFiles() - open.size() - retiring.size());
    Map<Target, Place> found = new LinkedHashMap<>();
    for (int i = at; i < pieces.size() && found.size() < room; i++) {
      Target target = pieces.get(i).target();
      if (!open.containsKey(target) && !found.containsKey(target)) {
        int number = i == at ? least : 0;
        found.put(target, places.next(target, number, file -> taken(file, found), this::full));
      }
    }
    save(committed, List.copyOf(found.values()));
    long window = window(clock.millis());
    for (Map.Entry<Target, Place> entry : found.entrySet()) {
      Place place = entry.getValue();
      open.put(
          entry.getKey(),
          new OutFile(place, window, disk, config.compression(), spare, bufferBytes));
      telemetry.opened(place);
    }
  }

  private boolean taken(Path file, Map<Target, Place> found) {
    return Stream.concat(open.values().stream(), retiring.stream())
            .anyMatch(other -> other.path().equals(file))
        || found.values().stream().anyMatch(other -> other.file().equals(file));
  }

  private boolean full(Path file, long size) {
    try {
      return size >= maxBytes
          || window(Files.getLastModifiedTime(file).toMillis()) != window(clock.millis());
    } catch (IOException gone) {
      return true;
    }
  }

  private void closeEldest() throws IOException {
    int close = Math.max(1, config.maxOpenFiles() / 4);
    Iterator<OutFile> eldest = open.values().iterator();
    for (; close > 0 && eldest.hasNext(); close--) {
      eldest.next().close();
      eldest.remove();
    }
  }

  /** Makes all that was written durable, and counts it. */
  void commit() throws IOException {
    if (!changed()) {
      return;
    }
    long started = System.nanoTime();
    List<OutFile> forced = new ArrayList<>(retiring);
    open.values().stream().filter(OutFile::dirty).forEach(forced::add);
    for (OutFile file : forced) {
      file.force();
      if (file.begun()) {
        disk.forceName(file.path());
      }
    }
    for (OutFile file : forced) {
      file.committed();
    }
    for (OutFile file : retiring) {
      file.close();
    }
    retiring.clear();
    Map<String, Position> stand = Map.copyOf(written);
    save(stand, List.of());
    committed = stand;
    telemetry.committed(System.nanoTime() - started, uncommitted);
    uncommitted = 0;
    for (OutFile file : forced) {
      if (open.containsValue(file) && !file.inPlace()) {
        telemetry.movedAway(file.path());
        open.values().remove(file);
        file.close();
      }
    }
  }

  private void save(Map<String, Position> positions, List<Place> coming) throws IOException {
    List<Progress.Kept> files = new ArrayList<>();
    Stream.concat(open.values().stream(), retiring.stream())
        .map(file -> new Progress.Kept(file.path(), file.length(), file.begun()))
        .forEach(files::add);
    for (Place place : coming) {
      files.add(new Progress.Kept(place.file(), place.length(), place.begun()));
    }
    progress.save(new Progress(positions, files));
  }

  /** Closes all files as they are. */
  void abandon() {
    for (OutFile file : Stream.concat(open.values().stream(), retiring.stream()).toList()) {
      try {
        file.close();
      } catch (IOException closing) {
        telemetry.closeFailed(file.path(), closing);
      }
    }
    open.clear();
    retiring.clear();
    uncommitted = 0;
  }
}
