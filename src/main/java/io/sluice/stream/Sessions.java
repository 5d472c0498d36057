package io.sluice.stream;

import io.sluice.event.Sequence;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions a stream remembers. Bounded: a session is forgotten {@link #IDLE} after its last
 * event, and when there are more than {@link #MOST}, whoever has most of them loses the one unused
 * for longest, so that nobody's can push out those of somebody who has fewer. One with a batch on
 * its way is never forgotten. Confined to the stream's event loop.
 */
final class Sessions {
  /** How many are remembered; each takes some 350 bytes. */
  static final int MOST = 65_536;

  /** How long one is remembered after its last event. */
  static final Duration IDLE = Duration.ofHours(24);

  private final int most;

  /** By owner, each one's with the latest used last. */
  private final Map<String, LinkedHashMap<String, Session>> all = new HashMap<>();

  /** Owners by how many they have, of those with as many the latest seen last. */
  private final TreeMap<Integer, Set<String>> ranks = new TreeMap<>();

  private int size;
  private long forgotten;

  Sessions(int most) {
    this.most = most;
  }

  int size() {
    return size;
  }

  /** How many were forgotten before their time because there were too many. */
  long forgotten() {
    return forgotten;
  }

  /** The session of that name, a new one where it is not known. */
  Session open(String name) {
    Session known = find(name);
    if (known != null) {
      return known;
    }
    Session session = new Session(Progress.none(name));
    put(name, session);
    return session;
  }

  private void put(String name, Session session) {
    String owner = Sequence.owner(name);
    Map<String, Session> own = all.computeIfAbsent(owner, o -> new LinkedHashMap<>(2, 1, true));
    int before = own.size();
    boolean added = own.put(name, session) == null;
    size += added ? 1 : 0;
    rank(owner, before, own.size());
    if (size > most) {
      forgetOne(session);
    }
  }

  @Nullable Session find(String name) {
    String owner = Sequence.owner(name);
    Map<String, Session> own = all.get(owner);
    Session session = own == null ? null : own.get(name);
    if (own != null && session != null) {
      rank(owner, own.size(), own.size());
    }
    return session;
  }

  /** Somebody is seen who had and has so many. */
  private void rank(String owner, int before, int after) {
    Set<String> left = ranks.get(before);
    if (left != null && left.remove(owner) && left.isEmpty()) {
      ranks.remove(before);
    }
    if (after > 0) {
      ranks.computeIfAbsent(after, count -> new LinkedHashSet<>()).add(owner);
    } else {
      all.remove(owner);
    }
  }

  /** Forgets a session again of which nothing is there. */
  void close(String name) {
    Session session = find(name);
    if (session != null && session.blank()) {
      remove(name);
    }
  }

  private void remove(String name) {
    String owner = Sequence.owner(name);
    Map<String, Session> own = all.getOrDefault(owner, new LinkedHashMap<>());
    int before = own.size();
    if (own.remove(name) != null) {
      size--;
      rank(owner, before, own.size());
    }
  }

  Future<Long> through(String name) {
    Session session = find(name);
    return session == null ? Future.succeededFuture(0L) : session.through();
  }

  private void forgetOne(Session but) {
    for (Set<String> owners : ranks.descendingMap().values()) {
      for (String owner : owners) {
        Optional<Session> idle =
            all.getOrDefault(owner, new LinkedHashMap<>()).values().stream()
                .filter(session -> session != but && session.idle())
                .findFirst();
        if (idle.isPresent()) {
          remove(idle.get().progress().session());
          forgotten++;
          return;
        }
      }
    }
  }

  /** Forgets those that nobody used for long. */
  void expire(long nowMillis) {
    List<String> over = new ArrayList<>();
    for (Map<String, Session> own : all.values()) {
      Iterator<Session> oldest = own.values().iterator();
      boolean more = true;
      while (more && oldest.hasNext()) {
        Session session = oldest.next();
        more = session.progress().used() <= nowMillis - IDLE.toMillis();
        if (more && session.idle()) {
          over.add(session.progress().session());
        }
      }
    }
    over.forEach(this::remove);
  }

  /** What the log has of each, of each owner's the latest used last. */
  List<Progress> progress() {
    List<Progress> list = new ArrayList<>(size);
    for (Map<String, Session> own : all.values()) {
      for (Session session : own.values()) {
        if (session.progress().end() > 0) {
          list.add(session.progress());
        }
      }
    }
    return list;
  }

  /** Events of any of them may be missing from here on. */
  void damaged() {
    all.values().forEach(own -> own.values().forEach(Session::damaged));
  }

  /** Takes up what an earlier run remembered. */
  void restore(Progress progress) {
    put(progress.session(), new Session(progress));
  }
}
