package io.sluice.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk in memory that keeps what was written and what was forced apart, and can lose power before
 * any operation: then any of the unforced 512-byte blocks are as they were, sizes are anywhere
 * between forced and written, and names are as they were after some earlier change.
 *
 * <p>It can also run full and fail. Not for several threads at once.
 */
final class PowerCutDisk implements Disk {
  private static final int BLOCK = 512;

  /** The power is gone; nothing works until {@link #restart}. */
  static final class PowerCut extends Error {
    PowerCut() {
      super("power cut", null, false, false);
    }
  }

  /** What a name stands for: content as written, and as forced. */
  private static final class Node {
    byte[] written = {};
    byte[] forced = {};
    final BitSet dirty = new BitSet();

    Node survivor(Random random) {
      Node survivor = new Node();
      int from = Math.min(forced.length, written.length);
      int to = Math.max(forced.length, written.length);
      int size = to == from ? to : from + random.nextInt(to - from + 1);
      byte[] content = Arrays.copyOf(forced, size);
      boolean all = random.nextInt(4) == 0;
      boolean none = random.nextInt(4) == 0;
      for (int block = dirty.nextSetBit(0); block >= 0; block = dirty.nextSetBit(block + 1)) {
        int at = block * BLOCK;
        int end = Math.min(Math.min(at + BLOCK, written.length), size);
        if (end > at && (all || (!none && random.nextBoolean()))) {
          System.arraycopy(written, at, content, at, end - at);
        }
      }
      survivor.written = content;
      survivor.forced = content.clone();
      return survivor;
    }
  }

  private Map<String, Node> names = new TreeMap<>();
  private Map<String, Node> forcedNames = new TreeMap<>();
  private List<Map<String, Node>> history = new ArrayList<>();
  private int operations;
  private int cutAt = Integer.MAX_VALUE;
  private boolean dead;
  private long room = Long.MAX_VALUE;
  private boolean failWrites;
  private boolean failForces;
  private boolean locked;
  private Consumer<String> onForce = name -> {};

  /** Is told the name of every file after it was forced. */
  void onForce(Consumer<String> listener) {
    onForce = listener;
  }

  /** Cuts power before the so-many-th change from now. */
  void cutAfter(int changes) {
    cutAt = operations + changes;
  }

  boolean isDead() {
    return dead;
  }

  /** How many bytes all files together may have. */
  void room(long bytes) {
    room = bytes;
  }

  long used() {
    return names.values().stream().mapToLong(node -> node.written.length).sum();
  }

  void failWrites() {
    failWrites = true;
  }

  void failForces() {
    failForces = true;
  }

  /** Power comes back, with what the random source says has survived. */
  void restart(Random random) {
    int kept = random.nextInt(history.size() + 1);
    Map<String, Node> survived =
        random.nextInt(3) == 0 || history.isEmpty()
            ? (history.isEmpty() ? forcedNames : history.get(history.size() - 1))
            : kept == 0 ? forcedNames : history.get(kept - 1);
    Map<String, Node> next = new TreeMap<>();
    survived.forEach((name, node) -> next.put(name, node.survivor(random)));
    names = next;
    forcedNames = new TreeMap<>(next);
    history = new ArrayList<>();
    cutAt = Integer.MAX_VALUE;
    dead = false;
    locked = false;
    failForces = false;
    failWrites = false;
  }

  /** The process died and the system lives on: everything written is there. */
  void processDied() {
    cutAt = Integer.MAX_VALUE;
    dead = false;
    locked = false;
    failForces = false;
    failWrites = false;
  }

  private void change() {
    alive();
    if (++operations > cutAt) {
      dead = true;
      throw new PowerCut();
    }
  }

  private void alive() {
    if (dead) {
      throw new PowerCut();
    }
  }

  private void named() {
    history.add(new TreeMap<>(names));
  }

  byte[] content(String name) {
    return node(name).written.clone();
  }

  /** Puts a file there as it is, forced. */
  void put(String name, byte[] content) {
    Node node = new Node();
    node.written = content.clone();
    node.forced = content.clone();
    names.put(name, node);
    forcedNames.put(name, node);
  }

  PowerCutDisk copy() {
    PowerCutDisk copy = new PowerCutDisk();
    names.forEach((name, node) -> copy.put(name, node.written));
    return copy;
  }

  private Node node(String name) {
    Node node = names.get(name);
    if (node == null) {
      throw new UncheckedIOException(new java.nio.file.NoSuchFileException(name));
    }
    return node;
  }

  @Override
  public void lock() throws IOException {
    if (locked) {
      throw new LockedException(name(), "a test");
    }
    locked = true;
  }

  @Override
  public void unlock() {
    locked = false;
  }

  @Override
  public List<String> list() {
    alive();
    return List.copyOf(names.keySet());
  }

  @Override
  public DiskFile read(String name) {
    alive();
    return new Open(name, node(name));
  }

  @Override
  public DiskFile write(String name) throws IOException {
    if (!names.containsKey(name)) {
      change();
      names.put(name, new Node());
      named();
    }
    return new Open(name, node(name));
  }

  @Override
  public void rename(String from, String to) {
    change();
    Node node = node(from);
    names.remove(from);
    names.put(to, node);
    named();
  }

  @Override
  public void delete(String name) {
    if (names.containsKey(name)) {
      change();
      names.remove(name);
      named();
    }
  }

  @Override
  public void sync() throws IOException {
    change();
    if (failForces) {
      throw new IOException("Input/output error");
    }
    forcedNames = new TreeMap<>(names);
    history = new ArrayList<>();
  }

  @Override
  public long room() {
    return room - used();
  }

  @Override
  public String name() {
    return "memory";
  }

  private final class Open implements DiskFile {
    private final String name;
    private final Node node;

    Open(String name, Node node) {
      this.name = name;
      this.node = node;
    }

    @Override
    public int read(ByteBuffer into, long offset) {
      alive();
      int bytes = (int) Math.min(into.remaining(), node.written.length - offset);
      if (bytes <= 0) {
        return -1;
      }
      into.put(node.written, (int) offset, bytes);
      return bytes;
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      change();
      if (failWrites) {
        throw new IOException("Input/output error");
      }
      int bytes = from.remaining();
      long more = Math.max(0, offset + bytes - node.written.length);
      long missing = used() + more - room;
      if (missing > 0 && more > 0) {
        bytes = (int) Math.max(0, bytes - missing);
      }
      if (offset + bytes > node.written.length) {
        node.written = Arrays.copyOf(node.written, (int) offset + bytes);
      }
      boolean full = bytes < from.remaining();
      from.get(node.written, (int) offset, bytes);
      if (bytes > 0) {
        node.dirty.set((int) (offset / BLOCK), (int) ((offset + bytes - 1) / BLOCK) + 1);
      }
      if (full) {
        throw new DiskFullException("No space left on device");
      }
    }

    @Override
    public void force() throws IOException {
      change();
      if (failForces) {
        throw new IOException("Input/output error");
      }
      node.forced = node.written.clone();
      node.dirty.clear();
      onForce.accept(name);
    }

    @Override
    public long size() {
      alive();
      return node.written.length;
    }

    @Override
    public void truncate(long size) {
      change();
      if (size < node.written.length) {
        node.written = Arrays.copyOf(node.written, (int) size);
      }
    }

    @Override
    public void close() {}
  }
}
