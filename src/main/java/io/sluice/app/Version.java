package io.sluice.app;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "sluice " + Optional.ofNullable(version).orElse("(unpackaged)"), "JDK " + Runtime.version()
    };
  }
}
