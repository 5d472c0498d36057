package io.sluice.auth;

/** Lets everybody in. */
final class OpenDoor implements Guard {
  private static final Verdict WELCOME = new Verdict.Admitted(ANONYMOUS);

  @Override
  public Verdict admit(Caller caller) {
    return WELCOME;
  }
}
