package io.sluice.admin;

import io.sluice.auth.Auth;
import io.sluice.auth.Carrier;
import io.sluice.config.Check;
import io.sluice.config.Differences;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.connector.Claim;
import io.sluice.control.PlanStep;
import io.sluice.net.TlsConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The admin listener, as the operator writes it. */
public record AdminConfig(
    @Key(doc = "Address of the admin listener: health, metrics, API.", preset = "127.0.0.1:9090")
        HostPort listen,
    @Key(
            doc =
                "How operators prove who they are; needed unless the address is a loopback one."
                    + " Health needs no proof.")
        Optional<Auth> auth,
    @Key(doc = "TLS. Without it, none.") Optional<TlsConfig> tls) {
  public AdminConfig {
    Check.guarded(listen, auth);
    Auth.check(auth, Carrier.HEAD, tls.map(TlsConfig::asksForCertificates).orElse(false));
  }

  /**
   * Whether a listener that runs by other settings can go over to these: one address cannot begin
   * or end TLS while it is listened on.
   */
  public boolean follows(AdminConfig running) {
    return !listen.equals(running.listen()) || tls.isPresent() == running.tls().isPresent();
  }

  /** What becomes of a listener that runs by other settings, which these follow. */
  public PlanStep after(AdminConfig running) {
    List<String> keys = Differences.between(running, this);
    return listen.equals(running.listen())
        ? new PlanStep.Change(PlanStep.Part.ADMIN, "", keys)
        : new PlanStep.Replace(PlanStep.Part.ADMIN, "", keys, false);
  }

  /** What the listener must own. */
  public Set<Claim> claims() {
    return Set.of(Claim.port(listen));
  }
}
