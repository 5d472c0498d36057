package io.sluice.source.http;

import io.sluice.auth.BodyProof;
import io.sluice.auth.Verdict;
import io.sluice.net.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request: known from its head, or once the last byte of its body proved it. Confined
 * to its exchange's event loop.
 */
final class Sender implements Verdict.Cases<Optional<Problem>> {
  private @Nullable BodyProof proof;
  private String principal = "";
  private String once = "";

  /**
   * Takes what the head says.
   *
   * @return what is wrong with it, if anything
   */
  Optional<Problem> judge(Verdict verdict) {
    return verdict.fold(this);
  }

  /** The next bytes of the body, as they were sent. */
  void add(Buffer bytes) {
    if (proof != null) {
      proof.add(bytes);
    }
  }

  /**
   * The body is whole.
   *
   * @return what is wrong, if the body does not prove what it has to
   */
  Optional<Problem> prove() {
    BodyProof complete = proof;
    if (complete == null) {
      return Optional.empty();
    }
    proof = null;
    Optional<Problem> problem = complete.verdict().fold(this);
    once = complete.once();
    return problem;
  }

  /** Empty until it is proved. */
  String principal() {
    return principal;
  }

  /** What only repetitions of the request have in common with it; empty where nothing says. */
  String once() {
    return once;
  }

  @Override
  public Optional<Problem> admitted(Verdict.Admitted who) {
    principal = who.principal();
    return Optional.empty();
  }

  @Override
  public Optional<Problem> pending(Verdict.Pending open) {
    proof = open.proof();
    return Optional.empty();
  }

  @Override
  public Optional<Problem> denied(Verdict.Denied no) {
    return Optional.of(Problems.denied(no));
  }
}
