package io.sluice.auth;

import io.vertx.core.MultiMap;

/** Lets everybody in. */
final class OpenDoor implements Guard {
  @Override
  public String principal(MultiMap headers) {
    return ANONYMOUS;
  }

  @Override
  public boolean tried(MultiMap headers) {
    return false;
  }

  @Override
  public String challenge() {
    return "";
  }
}
