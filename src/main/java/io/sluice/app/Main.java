package io.sluice.app;

/** Entry point of {@code sluice.jar}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
