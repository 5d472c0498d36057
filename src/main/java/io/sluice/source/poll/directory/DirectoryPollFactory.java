package io.sluice.source.poll.directory;

import io.sluice.connector.Claim;
import io.sluice.connector.Findings;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollFactory;
import io.sluice.connector.PollSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Tells of directories, and makes sources of them. */
public final class DirectoryPollFactory implements PollFactory<DirectorySourceConfig> {
  @Override
  public String type() {
    return "directory";
  }

  @Override
  public Class<DirectorySourceConfig> configType() {
    return DirectorySourceConfig.class;
  }

  @Override
  public PollSettings polling(DirectorySourceConfig config) {
    return config.polling();
  }

  /** Files that are taken away are for one source alone. */
  @Override
  public Set<Claim> claims(DirectorySourceConfig config) {
    return config.after() == After.KEEP
        ? Set.of()
        : Set.of(
            new Claim("files", Path.of(config.path()).toAbsolutePath().normalize().toString()));
  }

  @Override
  public void inspect(DirectorySourceConfig config, Findings findings) {
    Path root = config.glob().root();
    if (!Files.isDirectory(root)) {
      findings.error("path", "names " + root + ", which is no directory");
    } else if (!Files.isReadable(root) || !Files.isExecutable(root)) {
      findings.error("path", "names " + root + ", which cannot be read");
    } else {
      config.moveTo().ifPresent(target -> inspect(config, root, target, findings));
    }
  }

  private static void inspect(
      DirectorySourceConfig config, Path root, Path target, Findings findings) {
    if (!Files.isDirectory(target) || !Files.isWritable(target)) {
      findings.error("moveTo", "names " + target + ", which is no directory to write to");
      return;
    }
    try {
      Path from = root.toRealPath();
      Path to = target.toRealPath();
      if (!Files.getFileStore(from).equals(Files.getFileStore(to))) {
        findings.error("moveTo", "is on another file system than " + root);
      }
      if (to.startsWith(from) && config.glob().depth() > from.relativize(to).getNameCount()) {
        findings.warning("moveTo", "is below " + root + ": files there may match `path` again");
      }
    } catch (IOException failed) {
      findings.error("moveTo", "cannot be looked at: " + failed.getClass().getSimpleName());
    }
  }

  @Override
  public Poll create(DirectorySourceConfig config, PollContext context) {
    return new DirectoryPoll(config, context);
  }
}
