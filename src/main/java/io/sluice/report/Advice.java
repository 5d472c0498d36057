package io.sluice.report;

import io.sluice.connector.Every;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What to make of a source's figures. Pure. */
public final class Advice {
  /** Fewer polls say nothing. */
  private static final long POLLS = 20;

  /** Fewer events say nothing. */
  private static final long EVENTS = 100;

  private static final double FAILED = 0.2;
  private static final double FULL = 0.9;
  private static final double EMPTY = 0.8;

  /** A learnt interval lets two of three polls come for nothing; at its longest, more. */
  private static final double EMPTY_THOUGH_LEARNT = 0.9;

  private static final Duration QUIET = Duration.ofMinutes(5);
  private static final Duration NOBODY_CAME = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration HELD_BACK = Duration.ofMinutes(1);

  /** Jitter, the poll itself and the disk. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /** The first that has something to say is heard. */
  private static final List<BiFunction<Subject, Figures, Optional<String>>> RULES =
      List.of(
          Advice::trouble,
          Advice::failing,
          Advice::nobodyCame,
          Advice::wentSilent,
          Advice::missed,
          Advice::missedNothing,
          Advice::repeats,
          Advice::neverAtTheEnd,
          Advice::findsNothing,
          Advice::stale);

  private Advice() {}

  /** One sentence. */
  public static String on(Subject subject, Figures figures) {
    return RULES.stream()
        .map(rule -> rule.apply(subject, figures))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse("Nothing stands out.");
  }

  private static Optional<String> trouble(Subject subject, Figures figures) {
    return subject.trouble().map(why -> "See to this first: " + why + ".");
  }

  private static Optional<String> failing(Subject subject, Figures figures) {
    double share = figures.failedShare().orElse(0);
    return when(
        figures.answered() + figures.of(Item.FAILED) >= POLLS && share >= FAILED,
        "%s of its polls fail: the log and sluice_poll_failures_total say why."
            .formatted(percent(share)));
  }

  private static Optional<String> nobodyCame(Subject subject, Figures figures) {
    return when(
        !subject.pulls()
            && figures.of(Item.RECEIPTS) == 0
            && figures.span().compareTo(NOBODY_CAME) >= 0,
        ("Nothing has come since it was started %s ago: look whether its clients know where to"
                + " send.")
            .formatted(Spans.of(figures.span())));
  }

  /** It is silent for much longer than it used to be between two receipts. */
  private static Optional<String> wentSilent(Subject subject, Figures figures) {
    long receipts = figures.of(Item.RECEIPTS);
    if (subject.pulls() || receipts < POLLS || subject.silent().isEmpty()) {
      return Optional.empty();
    }
    Duration silent = subject.silent().get();
    if (silent.compareTo(figures.span()) > 0) {
      return Optional.empty();
    }
    Duration usual = figures.span().minus(silent).dividedBy(receipts);
    return when(
        silent.compareTo(QUIET) > 0 && silent.compareTo(usual.multipliedBy(10)) > 0,
        "It went silent %s ago, and something came every %s before: look at its clients."
            .formatted(Spans.of(silent), Spans.of(usual)));
  }

  private static Optional<String> missed(Subject subject, Figures figures) {
    return subject
        .reconciles()
        .filter(push -> figures.of(Item.MISSED) > 0)
        .map(
            push ->
                "%s has missed %d events, which this brought: find out where its sender loses them."
                    .formatted(push, figures.of(Item.MISSED)));
  }

  private static Optional<String> missedNothing(Subject subject, Figures figures) {
    return subject
        .reconciles()
        .filter(push -> figures.span().compareTo(LONG) >= 0 && figures.of(Item.KNOWN) >= POLLS)
        .map(
            push ->
                "%s has missed nothing in %s: polling less often would do."
                    .formatted(push, Spans.of(figures.span())));
  }

  private static Optional<String> repeats(Subject subject, Figures figures) {
    double share = figures.duplicateShare().orElse(0);
    boolean many =
        subject.reconciles().isEmpty()
            && figures.of(Item.EVENTS) + figures.of(Item.DUPLICATES) >= EVENTS
            && share > 0.5;
    return subject.pulls()
        ? when(
            many,
            ("%s of what it brings is there already: a cursor or query that begins later would"
                    + " spare the upstream that.")
                .formatted(percent(share)))
        : when(
            many,
            ("%s of what it brings is there already: find out why its clients send again what they"
                    + " have a receipt for.")
                .formatted(percent(share)));
  }

  private static Optional<String> neverAtTheEnd(Subject subject, Figures figures) {
    double share = figures.moreShare().orElse(0);
    return when(
        figures.answered() >= POLLS && share >= FULL,
        ("%s of its polls leave more behind: it does not catch up, or larger pages would spare"
                + " requests.")
            .formatted(percent(share)));
  }

  private static Optional<String> findsNothing(Subject subject, Figures figures) {
    double share = figures.emptyShare().orElse(0);
    if (figures.answered() < POLLS || share < EMPTY) {
      return Optional.empty();
    }
    return subject.every().flatMap(every -> findsNothing(subject, every, figures, share));
  }

  private static Optional<String> findsNothing(
      Subject subject, Every every, Figures figures, double share) {
    String found = percent(share) + " of its polls find nothing" + rarely(figures);
    if (every instanceof Every.Fixed fixed) {
      return Optional.of(
          "%s: poll less often than every %s, or let it learn how often with a min and a max."
              .formatted(found, Spans.of(fixed.interval())));
    }
    if (every instanceof Every.Adaptive learnt) {
      boolean longest =
          subject.interval().filter(now -> now.compareTo(learnt.max()) >= 0).isPresent();
      return when(
          longest && share >= EMPTY_THOUGH_LEARNT,
          "%s, though it waits as long as it may: a max longer than %s would do."
              .formatted(found, Spans.of(learnt.max())));
    }
    return Optional.of(found + ": fewer moments in its cron expression would do.");
  }

  private static String rarely(Figures figures) {
    long finds = figures.of(Item.NEW);
    return finds == 0
        ? ""
        : " and something new comes every " + Spans.of(figures.span().dividedBy(finds));
  }

  private static Optional<String> stale(Subject subject, Figures figures) {
    Optional<Duration> worst =
        figures.counts().ages().quantile(0.99).filter(age -> figures.of(Item.EVENTS) >= POLLS);
    if (worst.isEmpty()) {
      return Optional.empty();
    }
    if (!subject.pulls()) {
      return when(
          worst.get().compareTo(HELD_BACK) > 0,
          ("One event in a hundred is %s old when it is stored: clients hold events back, or their"
                  + " clocks are behind.")
              .formatted(Spans.of(worst.get())));
    }
    return longest(subject)
        .filter(wait -> worst.get().compareTo(wait.multipliedBy(2).plus(SLACK)) > 0)
        .map(
            wait ->
                ("One event in a hundred is %s old when it is stored, and a poll every %s does not"
                        + " explain that: it reads what is old, the upstream shows it late, or it"
                        + " waits for room.")
                    .formatted(Spans.of(worst.get()), Spans.of(wait)));
  }

  /** The longest that it waits between two polls by its settings. */
  private static Optional<Duration> longest(Subject subject) {
    return Stream.concat(
            subject.every().stream()
                .filter(Every.Adaptive.class::isInstance)
                .map(every -> ((Every.Adaptive) every).max()),
            subject.interval().stream())
        .findFirst();
  }

  /** Not all of them while one is missing. */
  private static String percent(double share) {
    return Math.min(Math.round(share * 100), share < 1 ? 99 : 100) + " %";
  }

  private static Optional<String> when(boolean holds, String sentence) {
    return holds ? Optional.of(sentence) : Optional.empty();
  }
}
