package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import io.sluice.control.ParkedFiles;
import io.sluice.control.ParkedPart;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice parked retire}: deletes what is parked, while no gateway runs. */
@Command(
    name = "retire",
    description =
        "Deletes what is kept of a stream, sink or source that is not in the configuration, while"
            + " the gateway is down; of a running one, POST"
            + " /api/v1/parked/{streams,sinks,sources}/NAME/retire. Ends with 1 when nothing of"
            + " that name is parked, with 75 when the gateway runs.",
    mixinStandardHelpOptions = true)
final class ParkedRetireCommand implements Callable<Integer> {
  private static final int LOCKED = 75;

  private final ConfigurationModel<?> model;
  private final Environment environment;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ParkedPlace place;

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      converter = KindText.class,
      description = "stream, sink or source.")
  @SuppressWarnings("NullAway.Init")
  private ParkedPart.Kind kind;

  @Parameters(index = "1", paramLabel = "NAME", description = "What it was called.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Only a sink's position in this stream.")
  private @Nullable String stream;

  ParkedRetireCommand(ConfigurationModel<?> model, Environment environment) {
    this.model = model;
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    Optional<ParkedFiles> files = place.files(model, environment);
    if (files.isEmpty()) {
      return ValidateCommand.WRONG_CONFIGURATION;
    }
    DataDirectory locked;
    try {
      locked = DataDirectory.open(place.data());
    } catch (DataDirectory.LockedException running) {
      spec.commandLine()
          .getErr()
          .println("sluice: " + running.getMessage() + "; ask the gateway itself: " + asked());
      return LOCKED;
    }
    try {
      return retire(files.get());
    } finally {
      locked.close();
    }
  }

  /** What does the same with a gateway that runs. */
  private String asked() {
    return "curl -X POST 'ADMIN/api/v1/parked/"
        + kind.word()
        + "s/"
        + name
        + "/retire"
        + (stream == null ? "" : "?stream=" + stream)
        + "', where ADMIN is its admin listener, http://127.0.0.1:9090 unless configured";
  }

  private int retire(ParkedFiles files) throws IOException {
    List<ParkedPart> meant =
        files.all().stream()
            .filter(part -> part.meant(kind, name, Optional.ofNullable(stream)))
            .toList();
    for (ParkedPart part : meant) {
      files.delete(part);
    }
    if (meant.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("sluice: no " + kind.word() + " \"" + name + "\" is parked; it may be in use");
      return 1;
    }
    place.print(meant);
    return 0;
  }

  private static final class KindText implements ITypeConverter<ParkedPart.Kind> {
    @Override
    public ParkedPart.Kind convert(String text) {
      try {
        return ParkedPart.Kind.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is neither stream, sink nor source");
      }
    }
  }
}
