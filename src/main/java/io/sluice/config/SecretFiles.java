package io.sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The files that a configuration refers to with {@code ${file:/path}}. Blocks. */
final class SecretFiles {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{file:([^}\"]+)}");

  private SecretFiles() {}

  /**
   * Something that is different when one of the files is: another content, gone, or there again. It
   * is for comparing only, and never shown.
   */
  static String fingerprint(Collection<String> texts) {
    NavigableSet<String> names = new TreeSet<>();
    texts.forEach(
        text -> REFERENCE.matcher(text).results().forEach(found -> names.add(found.group(1))));
    if (names.isEmpty()) {
      return "";
    }
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      for (String name : names) {
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        sum.update((byte) 0);
        sum.update(content(name));
        sum.update((byte) 0);
      }
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] content(String name) {
    try {
      Path file = Path.of(name);
      return Files.size(file) > References.LARGEST ? new byte[0] : Files.readAllBytes(file);
    } catch (InvalidPathException | IOException unreadable) {
      return new byte[] {0};
    }
  }
}
