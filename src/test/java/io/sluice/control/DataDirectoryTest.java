package io.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDirectoryTest {
  @TempDir private Path directory;

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path data = directory.resolve("a/b");

    DataDirectory.open(data).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, true",
    "nfs4, true",
    "cifs, true",
    "ext4, false",
    "xfs, false",
    "tmpfs, false",
    "overlay, false"
  })
  void knowsNetworkFileSystems(String type, boolean remote) {
    assertThat(DataDirectory.remote(type)).isEqualTo(remote);
  }
}
