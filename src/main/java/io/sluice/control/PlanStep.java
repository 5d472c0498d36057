package io.sluice.control;

import java.util.List;

/** What a reload does to one part of the gateway. */
public sealed interface PlanStep {
  /** The kinds of parts there are. */
  enum Part {
    ADMIN,
    SOURCE,
    STREAM,
    SINK
  }

  Part part();

  /** Its name in the configuration. */
  String name();

  /** Whether connections that are there are closed by it. */
  default boolean closesConnections() {
    return false;
  }

  /** It was not there. */
  record Start(Part part, String name) implements PlanStep {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.start(this);
    }
  }

  /**
   * It goes on with other settings; nothing is interrupted.
   *
   * @param keys what differs
   */
  record Change(Part part, String name, List<String> keys) implements PlanStep {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.change(this);
    }
  }

  /**
   * A new one takes over from the old one.
   *
   * @param keys what differs
   * @param pauses whether the old one has to be gone before the new one can come: connections are
   *     closed then
   */
  record Replace(Part part, String name, List<String> keys, boolean pauses) implements PlanStep {
    @Override
    public boolean closesConnections() {
      return pauses && part == Part.SOURCE;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.replace(this);
    }
  }

  /** It is not wanted any more. What it remembers stays in the data directory. */
  record Stop(Part part, String name) implements PlanStep {
    @Override
    public boolean closesConnections() {
      return part == Part.SOURCE;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.stop(this);
    }
  }

  /** It stays as it is. */
  record Keep(Part part, String name) implements PlanStep {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.keep(this);
    }
  }

  /** What a reader of a step has to answer. */
  interface Cases<R> {
    R start(Start start);

    R change(Change change);

    R replace(Replace replace);

    R stop(Stop stop);

    R keep(Keep keep);
  }

  <R> R fold(Cases<R> cases);
}
