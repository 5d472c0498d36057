package io.sluice.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of another JVM.
 *
 * @param heap bytes of live objects
 * @param resident bytes of memory, by the kernel's count
 * @param classes bytes of live objects by class
 */
public record ProcessMemory(long heap, long resident, Map<String, Long> classes) {
  private static final Pattern ROW = Pattern.compile("\\d+: +\\d+ +(\\d+) +(\\S+).*");

  /** Has the process collect its garbage, and looks. */
  public static ProcessMemory of(long pid) throws IOException {
    Map<String, Long> classes = new TreeMap<>();
    for (String line : jcmd(pid, "GC.class_histogram").lines().toList()) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        classes.merge(row.group(2), Long.parseLong(row.group(1)), Long::sum);
      }
    }
    long heap = classes.values().stream().mapToLong(Long::longValue).sum();
    return new ProcessMemory(heap, resident(pid), classes);
  }

  private static String jcmd(long pid, String what) throws IOException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process = new ProcessBuilder(tool, Long.toString(pid), what).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static long resident(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS");
  }
}
