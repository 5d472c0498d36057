package io.sluice.replica;

import java.util.List;

/**
 * Tables that one part of the gateway keeps in the shared database.
 *
 * @param name of the part; of all its versions the same
 * @param versions the statements that lead from each version to the next, the first one from
 *     nothing. What was released is never changed: more versions follow it. Gateways of the version
 *     before may run beside a new one, so a version only adds what they can leave alone
 */
public record Tables(String name, List<List<String>> versions) {
  public Tables {
    versions = versions.stream().map(List::copyOf).toList();
  }
}
