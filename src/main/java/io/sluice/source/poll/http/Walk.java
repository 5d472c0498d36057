package io.sluice.source.poll.http;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One poll: page after page, up to the last or the limit, or until the upstream wants a pause. The
 * cursor goes on at the end of all pages, since records may come in any order; what is between is
 * kept as a place to go on from. Confined to the event loop of its poll.
 */
final class Walk {
  /**
   * With these a server may say that a place it once gave is not known any more; or it is a place
   * of another server, and was kept before the settings changed.
   */
  private static final Set<String> UNKNOWN =
      Set.of("bad-request", "not-found", "gone", "page-foreign", "page-broken");

  private final HttpPollConfig config;
  private final Upstream upstream;
  private final Requests requests;
  private final Answers answers;
  private final Memory memory;
  private final Cursor from;
  private final Intake into;
  private final Optional<Pager> pager;
  private final int limit;
  private final boolean ordered;
  private final Promise<Polled> end = Promise.promise();
  private Optional<Reach> reach;
  private Optional<String> place;
  private Optional<String> latest = Optional.empty();
  private @Nullable String origin;
  private Step owed = Step.NONE;
  private int pages;
  private long records;

  Walk(
      HttpPollConfig config,
      Upstream upstream,
      Requests requests,
      Answers answers,
      Memory memory,
      Cursor from,
      Intake into) {
    this.config = config;
    this.upstream = upstream;
    this.requests = requests;
    this.answers = answers;
    this.memory = memory;
    this.from = from;
    this.into = into;
    this.pager = config.pages().map(Pager::new);
    this.limit = config.pages().map(Pages::limit).orElse(1);
    this.ordered = config.cursor().map(Walk::isOrdered).orElse(false);
    this.place = pager.isEmpty() || ordered ? Optional.empty() : from.part(Parts.PAGE);
    this.reach = reach(place.isPresent() ? from.part(Parts.SEEN) : Optional.empty());
    memory.begin(place);
  }

  private static boolean isOrdered(CursorAt cursor) {
    return cursor instanceof CursorAt.Max max && max.ordered();
  }

  private Optional<Reach> reach(Optional<String> seen) {
    return config
        .cursor()
        .filter(CursorAt.Max.class::isInstance)
        .map(CursorAt.Max.class::cast)
        .map(max -> new Reach(max.max().pointer(), ordered, from.part(Parts.CURSOR), seen));
  }

  /** Goes; to be called once. */
  Future<Polled> go() {
    next();
    return end.future();
  }

  private void next() {
    try {
      URI url = url();
      boolean known = from.part(Parts.ETAG).or(() -> from.part(Parts.MODIFIED)).isPresent();
      boolean conditional = known && pages == 0 && place.isEmpty();
      page(url, conditional, true)
          .onComplete(
              read -> {
                if (read.succeeded()) {
                  took(url, read.result());
                } else {
                  failed(read.cause());
                }
              });
    } catch (PollException unfit) {
      failed(unfit);
    } catch (RuntimeException | Error failure) {
      end.tryFail(failure);
    }
  }

  private void failed(Throwable cause) {
    boolean unknown = cause instanceof PollException why && UNKNOWN.contains(why.reason());
    if (unknown && pages == 0 && place.isPresent()) {
      startOver();
    } else {
      end.tryFail(cause);
    }
  }

  private URI url() {
    URI first = requests.first(from);
    if (origin == null) {
      origin = Urls.origin(first);
    }
    try {
      URI url = pager.map(by -> by.url(first, place)).orElse(first);
      if (Urls.wrong(url).isPresent()) {
        throw PollException.lasting("page-broken", "a page leads to something that is no URL");
      }
      if (!Urls.origin(url).equals(origin)) {
        throw PollException.lasting("page-foreign", "a page leads to another host");
      }
      return url;
    } catch (IllegalArgumentException bad) {
      throw PollException.lasting("page-broken", "a page leads to something that is no URL");
    }
  }

  /** The place where the poll before had come to is none any more. */
  private void startOver() {
    place = Optional.empty();
    reach = reach(Optional.empty());
    memory.begin(place);
    next();
  }

  private Future<Page> page(URI url, boolean conditional, boolean renewing) {
    return requests
        .ask(url, from, conditional, into::alive)
        .compose(
            ask ->
                upstream.ask(
                    ask,
                    into::alive,
                    (answer, exchange) -> answers.read(answer, exchange, into, reach, conditional)))
        .recover(
            failed ->
                renewing && unauthorized(failed) && requests.renew()
                    ? page(url, conditional, false)
                    : Future.failedFuture(failed));
  }

  private static boolean unauthorized(Throwable failed) {
    return failed instanceof PollException why && why.reason().equals("unauthorized");
  }

  private void took(URI url, Page page) {
    try {
      pages++;
      records += page.records();
      Optional<String> behind = page.changed() ? behind(url, page) : Optional.empty();
      if (page.changed()) {
        latest(page);
      }
      Step step = Step.NONE;
      if (behind.isPresent()) {
        memory.has(page);
        memory.leads(behind.get());
        step = between(behind.get());
      } else if (page.changed()) {
        check();
      }
      put(page, step)
          .onComplete(
              kept -> {
                if (kept.failed()) {
                  end.fail(kept.cause());
                } else if (behind.isEmpty()) {
                  end.complete(last(page).pausing(page.asked().pause()));
                } else if (pages < limit && page.asked().pause().isZero()) {
                  place = behind;
                  next();
                } else {
                  memory.goesOn(behind);
                  end.complete(Polled.more(owed).pausing(page.asked().pause()));
                }
              });
    } catch (RuntimeException | Error failure) {
      end.tryFail(failure);
    }
  }

  private Optional<String> behind(URI url, Page page) {
    try {
      return pager.flatMap(by -> by.behind(page, url, place));
    } catch (IllegalArgumentException bad) {
      throw PollException.lasting("page-broken", "a page leads to something that is no URL");
    }
  }

  private void latest(Page page) {
    Optional<String> now =
        config
            .cursor()
            .flatMap(
                cursor ->
                    cursor.fold(
                        new CursorAt.Cases<Optional<String>>() {
                          @Override
                          public Optional<String> max(CursorAt.Max max) {
                            return reach.flatMap(Reach::greatest);
                          }

                          @Override
                          public Optional<String> next(CursorAt.Next next) {
                            return Optional.ofNullable(page.values().get(next.next().pointer()));
                          }

                          @Override
                          public Optional<String> header(CursorAt.Header header) {
                            return page.header(header.header());
                          }
                        }))
            .filter(text -> !text.isEmpty());
    if (now.filter(text -> text.length() > Mark.MAX_LENGTH).isPresent()) {
      throw PollException.lasting(
          "cursor-missing", "the cursor has more than " + Mark.MAX_LENGTH + " characters");
    }
    latest = now.or(() -> latest);
  }

  /** What is kept between two pages. */
  private Step between(String behind) {
    if (ordered || behind.length() > 2 * Mark.MAX_LENGTH) {
      return reach
          .flatMap(Reach::passed)
          .map(mark -> Step.set(Parts.CURSOR, mark))
          .orElse(Step.NONE);
    }
    Step step = Step.set(Parts.PAGE, behind);
    return reach
        .flatMap(Reach::greatest)
        .map(mark -> step.then(Step.set(Parts.SEEN, mark)))
        .orElse(step);
  }

  /** Whether the cursor can go on from all there was. */
  private void check() {
    if (config.cursor().isEmpty() || records == 0) {
      return;
    }
    if (latest.isEmpty()) {
      throw PollException.lasting("cursor-missing", "an answer has records, and no cursor");
    }
    if (reach.map(Reach::backwards).orElse(false)) {
      throw PollException.lasting(
          "cursor-backwards", "all records are behind the cursor that was asked with");
    }
    if (reach.isEmpty()) {
      memory.moved(moved());
    }
  }

  private boolean moved() {
    return latest.isPresent() && !latest.equals(from.part(Parts.CURSOR));
  }

  private Future<Void> put(Page page, Step step) {
    Harvest harvest = page.harvest();
    if (harvest == null) {
      owed = owed.then(step);
      return Future.succeededFuture();
    }
    Step now = owed.then(step);
    Future<Void> put = harvest.putLast(now);
    owed = harvest.owed();
    return put;
  }

  private Polled last(Page page) {
    Step step = owed;
    if (page.changed()) {
      if (moved()) {
        step = step.then(Step.set(Parts.CURSOR, latest.orElseThrow()));
      }
      step = step.then(validators(page));
    }
    step = step.then(gone(Parts.PAGE)).then(gone(Parts.SEEN));
    return more() ? Polled.more(step) : Polled.all(step);
  }

  private Step gone(String part) {
    return pages > 1 || from.part(part).isPresent() ? Step.remove(part) : Step.NONE;
  }

  /** Validators hold for the request they came with, as far as the next one is the same. */
  private Step validators(Page page) {
    boolean same = pages == 1 && place.isEmpty() && !moved();
    return kept(Parts.ETAG, same ? page.header("etag") : Optional.empty())
        .then(kept(Parts.MODIFIED, same ? page.header("last-modified") : Optional.empty()));
  }

  private Step kept(String part, Optional<String> header) {
    Optional<String> fit =
        header.filter(text -> text.length() <= Mark.MAX_LENGTH && HeaderText.value(text));
    return fit.map(text -> Step.set(part, text))
        .orElse(from.part(part).isPresent() ? Step.remove(part) : Step.NONE);
  }

  private boolean more() {
    if (pager.isPresent() || records == 0 || !moved() || config.cursor().isEmpty()) {
      return false;
    }
    return !(config.cursor().get() instanceof CursorAt.Max max)
        || max.full().filter(full -> records >= full).isPresent();
  }
}
