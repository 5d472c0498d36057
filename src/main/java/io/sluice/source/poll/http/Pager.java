package io.sluice.source.poll.http;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the next page is. A place is the text that tells a page from others of one walk: a URL, the
 * value of a parameter, a number; the first one may have none.
 *
 * @param pages as the operator wrote it
 */
record Pager(Pages pages) {
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");

  /** The URL of a page, made of the first one's. */
  URI url(URI first, Optional<String> place) {
    return pages.fold(
        new Pages.Cases<>() {
          @Override
          public URI link() {
            return place.map(URI::create).orElse(first);
          }

          @Override
          public URI next(Pages.Next next) {
            if (next.parameter().isEmpty()) {
              return link();
            }
            return place
                .map(value -> Urls.with(first, next.parameter().get(), value))
                .orElse(first);
          }

          @Override
          public URI number(Pages.Numbered number) {
            String now = place.orElse(Integer.toString(number.start()));
            return Urls.with(first, number.number(), now);
          }

          @Override
          public URI offset(Pages.Offset offset) {
            String now = place.orElse(Integer.toString(offset.start()));
            return Urls.with(first, offset.offset(), now);
          }
        });
  }

  /**
   * The place of the page behind another; none behind the last.
   *
   * @param url of that page
   * @throws IllegalArgumentException when it names a URL that is none
   */
  Optional<String> behind(Page page, URI url, Optional<String> place) {
    return pages.fold(
        new Pages.Cases<>() {
          @Override
          public Optional<String> link() {
            return Links.next(page.headers("link")).map(link -> Urls.resolve(url, link).toString());
          }

          @Override
          public Optional<String> next(Pages.Next next) {
            Optional<String> value =
                Optional.ofNullable(page.values().get(next.next().pointer()))
                    .filter(text -> !text.isEmpty() && !text.equals("false"));
            return next.parameter().isPresent()
                ? value
                : value.map(link -> Urls.resolve(url, link).toString());
          }

          @Override
          public Optional<String> number(Pages.Numbered number) {
            return more(page, number.extent().full())
                ? Optional.of(sum(place, number.start(), 1))
                : Optional.empty();
          }

          @Override
          public Optional<String> offset(Pages.Offset offset) {
            return more(page, offset.extent().full())
                ? Optional.of(sum(place, offset.start(), page.records()))
                : Optional.empty();
          }
        });
  }

  private static boolean more(Page page, Optional<Integer> full) {
    return page.records() > 0 && page.records() >= full.orElse(1);
  }

  private static String sum(Optional<String> place, int start, long more) {
    long now =
        place
            .filter(text -> COUNT.matcher(text).matches())
            .map(Long::parseLong)
            .orElse((long) start);
    return Long.toString(now + more);
  }
}
