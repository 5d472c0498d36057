package io.sluice.auth;

/**
 * Decides by what is known before the body who somebody is, if anybody. Takes as long for a wrong
 * proof as for a right one. Confined to the event loop it was opened on.
 */
@FunctionalInterface
public interface Guard {
  /** Whoever need not say who they are. */
  String ANONYMOUS = "anonymous";

  /** Whether the caller may come in. Pending only where the way to prove it needs a body. */
  Verdict admit(Caller caller);
}
