package io.sluice.replica;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Names;
import java.util.Optional;

/** Gateways that do the same work, as the operator writes it. */
public record ReplicasConfig(
    @Key(
            doc =
                "Name of this replica; no other one may have it. Without it, the host's. Best"
                    + " written as `${env:HOSTNAME}` where all replicas have the same file.")
        Optional<String> name,
    @Key(
            doc =
                "What replicas call themselves together. Those of another group may have the same"
                    + " database, or Kubernetes namespace, and the same names of sources.",
            preset = "sluice")
        String group,
    @Key(doc = "The PostgreSQL that replicas share. Without it, they share nothing of that.")
        Optional<DatabaseConfig> database,
    @Key(
            doc =
                "Where it stands which replica polls a pull source, and how far that was read:"
                    + " files, in the data directory, for one gateway alone; or database. Without"
                    + " it, database where there is one, or else files.")
        Optional<LeasePlace> leases,
    @Key(doc = "For how long a replica has the right to poll, and how it keeps it.")
        LeaseTimes lease) {
  /** Where leases are kept. */
  public enum LeasePlace {
    /** In the data directory: this gateway has them all. */
    FILES,
    /** In the shared database. */
    DATABASE
  }

  public ReplicasConfig {
    Check.that(name.map(Names::fits).orElse(true), "name", Names.RULE);
    Check.that(Names.fits(group), "group", Names.RULE);
    Check.that(
        database.isPresent() || leases.filter(LeasePlace.DATABASE::equals).isEmpty(),
        "leases",
        "cannot be database: there is no key database");
  }

  /** Where leases are kept, when everything is considered. */
  public LeasePlace leasePlace() {
    return leases.orElse(database.isPresent() ? LeasePlace.DATABASE : LeasePlace.FILES);
  }
}
