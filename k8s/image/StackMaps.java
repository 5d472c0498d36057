import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of libraries that were compiled for Java 5 or before the stack maps of Java 8
 * (JVMS 4.7.4). Without them, a JVM has to verify such a class anew at every start, and keeps it
 * out of its AOT cache. What the classes do stays as it is.
 *
 * <p>Arguments: jars. One that has no such class is left alone.
 */
final class StackMaps {
  private static final int JAVA_6 = 50;
  private static final int JAVA_8 = 52;

  /** The time of every entry, so that the same jar comes out of the same jar. */
  private static final long TIME = 315_532_800_000L;

  /** Licences want whoever changes files to say so in them. */
  private static final String CHANGED =
      """
      Changed for the image of sluice: classes of a format before Java 6 were given the stack maps
      of Java 8. Nothing else of them is different.
      """;

  private final Map<String, byte[]> entries;
  private final ClassFile format;

  private StackMaps(Map<String, byte[]> entries) {
    this.entries = entries;
    this.format =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::named)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      StackMaps maps = new StackMaps(entries(Path.of(jar)));
      if (maps.entries.values().stream().anyMatch(StackMaps::old)) {
        maps.write(Path.of(jar));
      }
    }
  }

  private static Map<String, byte[]> entries(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        try (InputStream content = file.getInputStream(entry)) {
          entries.put(entry.getName(), content.readAllBytes());
        }
      }
    }
    return entries;
  }

  private static boolean old(byte[] entry) {
    return entry.length > 8
        && ByteBuffer.wrap(entry).getInt() == ClassFile.MAGIC_NUMBER
        && ByteBuffer.wrap(entry).getShort(6) < JAVA_6;
  }

  private void write(Path jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        begin(out, each.getKey());
        out.write(old(each.getValue()) ? mapped(each.getKey(), each.getValue()) : each.getValue());
      }
      begin(out, "META-INF/CHANGED.txt");
      out.write(CHANGED.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void begin(ZipOutputStream out, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(TIME);
    out.putNextEntry(entry);
  }

  private byte[] mapped(String name, byte[] old) {
    byte[] mapped =
        format.transformClass(
            format.parse(old),
            (builder, element) -> {
              switch (element) {
                case ClassFileVersion version -> builder.withVersion(JAVA_8, 0);
                case MethodModel method ->
                    // Code that is passed on whole would keep having no maps.
                    builder.transformMethod(
                        method,
                        (inner, part) -> {
                          if (part instanceof CodeModel code) {
                            inner.transformCode(code, CodeTransform.ACCEPT_ALL);
                          } else {
                            inner.with(part);
                          }
                        });
                default -> builder.with(element);
              }
            });
    if (!format.verify(mapped).isEmpty()) {
      throw new IllegalStateException(name + ": " + format.verify(mapped));
    }
    return mapped;
  }

  private InputStream named(ClassDesc type) {
    String descriptor = type.descriptorString();
    byte[] found = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
    return found == null ? null : new ByteArrayInputStream(found);
  }
}
