package io.sluice.stream;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions a stream remembers, the latest used last. Bounded: a session is forgotten {@link
 * #IDLE} after its last event, and the one unused for longest when there are more than {@link
 * #MOST}; one with a batch on its way never is. Confined to the stream's event loop.
 */
final class Sessions {
  /** How many are remembered; each takes some 300 bytes. */
  static final int MOST = 65_536;

  /** How long one is remembered after its last event. */
  static final Duration IDLE = Duration.ofHours(24);

  private final int most;
  private final LinkedHashMap<String, Session> all = new LinkedHashMap<>(16, 0.75f, true);
  private long forgotten;

  Sessions(int most) {
    this.most = most;
  }

  int size() {
    return all.size();
  }

  /** How many were forgotten before their time because there were too many. */
  long forgotten() {
    return forgotten;
  }

  /** The session of that name, a new one where it is not known. */
  Session open(String name) {
    Session session = all.get(name);
    if (session == null) {
      session = new Session(Progress.none(name));
      all.put(name, session);
      makeRoom();
    }
    return session;
  }

  @Nullable Session find(String name) {
    return all.get(name);
  }

  /** Forgets a session again of which nothing is there. */
  void close(String name) {
    Session session = all.get(name);
    if (session != null && session.blank()) {
      all.remove(name);
    }
  }

  Future<Long> through(String name) {
    Session session = all.get(name);
    return session == null ? Future.succeededFuture(0L) : session.through();
  }

  private void makeRoom() {
    Iterator<Map.Entry<String, Session>> oldest = all.entrySet().iterator();
    while (all.size() > most && oldest.hasNext()) {
      if (oldest.next().getValue().idle()) {
        oldest.remove();
        forgotten++;
      }
    }
  }

  /** Forgets those that nobody used for long. */
  void expire(long nowMillis) {
    Iterator<Map.Entry<String, Session>> oldest = all.entrySet().iterator();
    while (oldest.hasNext()) {
      Session session = oldest.next().getValue();
      if (session.progress().used() > nowMillis - IDLE.toMillis()) {
        return;
      }
      if (session.idle()) {
        oldest.remove();
      }
    }
  }

  /** What the log has of each, the latest used last. */
  List<Progress> progress() {
    List<Progress> list = new ArrayList<>(all.size());
    for (Session session : all.values()) {
      if (session.progress().end() > 0) {
        list.add(session.progress());
      }
    }
    return list;
  }

  /** Takes up what an earlier run remembered. */
  void restore(Progress progress) {
    all.put(progress.session(), new Session(progress));
    makeRoom();
  }
}
