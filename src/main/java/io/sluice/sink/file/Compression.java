package io.sluice.sink.file;

/** How files are compressed. */
public enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst");

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** What such a file's name ends in. */
  String suffix() {
    return suffix;
  }

  Packer packer() {
    return switch (this) {
      case NONE -> new PlainPacker();
      case GZIP -> new GzipPacker();
      case ZSTD -> new ZstdPacker();
    };
  }
}
