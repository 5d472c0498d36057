package io.sluice.auth;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** A guard that stops looking at what comes from an address from which too much was wrong. */
final class Patient implements Guard {
  private final Guard guard;
  private final Failures failures;

  Patient(Guard guard, Failures failures) {
    this.guard = guard;
    this.failures = failures;
  }

  @Override
  public Verdict admit(Caller caller) {
    long seconds = failures.secondsToWait(caller.address());
    if (seconds > 0) {
      return new Verdict.Denied(
          Denial.TOO_MANY,
          "too-many-failures",
          "Too many wrong credentials came from this address.",
          "",
          Duration.ofSeconds(seconds));
    }
    return guard.admit(caller).fold(new Counted(caller.address()));
  }

  /** Takes note of what may have been a guess. */
  private final class Counted implements Verdict.Cases<Verdict> {
    private final String address;

    Counted(String address) {
      this.address = address;
    }

    @Override
    public Verdict admitted(Verdict.Admitted who) {
      return who;
    }

    @Override
    public Verdict pending(Verdict.Pending open) {
      return new Verdict.Pending(new CountedProof(open.proof(), this));
    }

    @Override
    public Verdict denied(Verdict.Denied no) {
      if (no.why().failure()) {
        failures.failed(address);
      }
      return no;
    }
  }

  private record CountedProof(BodyProof proof, Counted counted) implements BodyProof {
    @Override
    public void add(Buffer bytes) {
      proof.add(bytes);
    }

    @Override
    public Verdict verdict() {
      return proof.verdict().fold(counted);
    }

    @Override
    public String once() {
      return proof.once();
    }
  }
}
