package io.sluice.lease;

/** What replicas are called among themselves: a name, a slash, and what no other ever had. */
final class Identities {
  private Identities() {}

  /** What the operator calls it. */
  static String name(String identity) {
    int slash = identity.lastIndexOf('/');
    return slash < 0 ? identity : identity.substring(0, slash);
  }
}
