package io.sluice.cli;

/** Text that came from elsewhere, on its way to the terminal. */
final class PlainText {
  private PlainText() {}

  /** The text without anything that a terminal takes for a command. */
  static String of(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
                plain.append("\\u%04x".formatted(each));
              } else {
                plain.appendCodePoint(each);
              }
            });
    return plain.toString();
  }
}
