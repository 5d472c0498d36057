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
                "The Kubernetes API that replicas share; `{}` in a pod. Without it, they share"
                    + " nothing of that.")
        Optional<KubernetesConfig> kubernetes,
    @Key(
            doc =
                "Where it stands which replica polls a pull source, and how far that was read:"
                    + " files, in the data directory, for one gateway alone; database; or"
                    + " kubernetes, in Leases. Without it, what of database and kubernetes there"
                    + " is, or else files.")
        Optional<LeasePlace> leases,
    @Key(doc = "For how long a replica has the right to poll, and how it keeps it.")
        LeaseTimes lease) {
  /** Where leases are kept. */
  public enum LeasePlace {
    /** In the data directory: this gateway has them all. */
    FILES,
    /** In the shared database. */
    DATABASE,
    /** In Leases of the Kubernetes API. */
    KUBERNETES
  }

  public ReplicasConfig {
    Check.that(name.map(Names::fits).orElse(true), "name", Names.RULE);
    Check.that(Names.fits(group), "group", Names.RULE);
    Check.that(
        database.isPresent() || leases.filter(LeasePlace.DATABASE::equals).isEmpty(),
        "leases",
        "cannot be database: there is no key database");
    Check.that(
        kubernetes.isPresent() || leases.filter(LeasePlace.KUBERNETES::equals).isEmpty(),
        "leases",
        "cannot be kubernetes: there is no key kubernetes");
    Check.that(
        leases.isPresent() || database.isEmpty() || kubernetes.isEmpty(),
        "leases",
        "is missing: there are database and kubernetes, and it has to say which of them keeps"
            + " leases");
  }

  /** Where leases are kept, when everything is considered. */
  public LeasePlace leasePlace() {
    return leases.orElseGet(
        () -> {
          if (kubernetes.isPresent()) {
            return LeasePlace.KUBERNETES;
          }
          return database.isPresent() ? LeasePlace.DATABASE : LeasePlace.FILES;
        });
  }
}
