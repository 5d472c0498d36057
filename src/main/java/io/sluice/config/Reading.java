package io.sluice.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The texts of a configuration as they were at one moment. Two readings are equal when nothing
 * changed in between.
 *
 * @param paths what was asked for: files and directories
 * @param texts what was found, in the order in which it is merged
 * @param problems what could not be read
 * @param secrets tells whether files are as they were that the texts refer to; nothing else
 */
public record Reading(
    List<Path> paths, List<ConfigText> texts, List<Problem> problems, String secrets) {
  /** Of a fingerprint, bytes. */
  private static final int HASH = 8;

  /** How often to read when files are swapped all the time. */
  private static final int TRIES = 10;

  /** The text of one file. */
  public record ConfigText(Path file, String text) {
    @Override
    public String toString() {
      return "ConfigText[" + file + ", " + text.length() + " characters]";
    }
  }

  public Reading {
    paths = List.copyOf(paths);
    texts = List.copyOf(texts);
    problems = List.copyOf(problems);
  }

  /** A reading of texts that refer to no file. */
  public Reading(List<Path> paths, List<ConfigText> texts, List<Problem> problems) {
    this(paths, texts, problems, "");
  }

  /** Reads files and directories. Blocks on the disk; for commands that have no event loop. */
  public static Reading of(List<Path> paths) {
    Found found = Found.in(paths);
    Reading reading = found.read().withSecrets();
    for (int again = 1; again < TRIES; again++) {
      Found now = Found.in(paths);
      if (now.equals(found)) {
        break;
      }
      found = now;
      reading = found.read().withSecrets();
    }
    return reading;
  }

  /**
   * Reads files and directories without blocking the caller. Never fails: what cannot be read is
   * among the problems.
   */
  public static Future<Reading> of(Vertx vertx, List<Path> paths) {
    return vertx
        .executeBlocking(() -> Found.in(paths))
        .compose(found -> of(vertx, found, TRIES - 1));
  }

  private static Future<Reading> of(Vertx vertx, Found found, int triesLeft) {
    List<Future<ConfigText>> texts = found.files().stream().map(file -> text(vertx, file)).toList();
    return Future.join(texts)
        .transform(done -> Future.succeededFuture(found.gather(texts)))
        .compose(
            reading ->
                vertx
                    .executeBlocking(
                        () -> new Again(reading.withSecrets(), Found.in(found.paths())))
                    .compose(
                        again ->
                            again.now().equals(found) || triesLeft == 0
                                ? Future.succeededFuture(again.reading())
                                : of(vertx, again.now(), triesLeft - 1)));
  }

  /** What was read, and which files there are after that. */
  private record Again(Reading reading, Found now) {}

  /**
   * Which files there are at one moment. When others are there after they were read, as when a
   * mounted ConfigMap is swapped meanwhile, what was read is no version of the configuration.
   *
   * @param problems of finding them
   */
  private record Found(List<Path> paths, List<ConfigFile> files, List<Problem> problems) {
    static Found in(List<Path> paths) {
      Problems problems = new Problems(start(paths));
      return new Found(paths, ConfigFile.find(paths, problems), problems.list());
    }

    Reading read() {
      List<ConfigText> texts = new ArrayList<>();
      Problems all = problemsSoFar();
      for (ConfigFile file : files) {
        try {
          texts.add(decode(file, Files.readAllBytes(file.real())));
        } catch (IOException failure) {
          all.badFile(file.shown(), cause(failure));
        }
      }
      return new Reading(paths, texts, all.list(), "");
    }

    Reading gather(List<Future<ConfigText>> texts) {
      List<ConfigText> read = new ArrayList<>();
      Problems all = problemsSoFar();
      for (int i = 0; i < files.size(); i++) {
        if (texts.get(i).succeeded()) {
          read.add(texts.get(i).result());
        } else {
          all.badFile(files.get(i).shown(), cause(texts.get(i).cause()));
        }
      }
      return new Reading(paths, read, all.list(), "");
    }

    private Problems problemsSoFar() {
      Problems all = new Problems(start(paths));
      problems.forEach(all::add);
      return all;
    }
  }

  /**
   * One file through its own store, so that each failure has its file. The path is absolute,
   * because Vert.x looks for relative ones on the class path; the store is not optional, because an
   * optional one turns a broken file into an empty object; and it is raw, because its JSON parser
   * lets the last of equal keys win in silence.
   */
  private static Future<ConfigText> text(Vertx vertx, ConfigFile file) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat("raw")
            .setConfig(
                new JsonObject()
                    .put("path", file.real().toString())
                    .put("raw.key", "text")
                    .put("raw.type", "binary"));
    ConfigRetriever retriever =
        ConfigRetriever.create(
            vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store));
    return retriever
        .getConfig()
        .map(read -> read.getBinary("text"))
        .eventually(retriever::close)
        .compose(
            bytes -> {
              try {
                return Future.succeededFuture(decode(file, bytes));
              } catch (IOException broken) {
                return Future.failedFuture(broken);
              }
            });
  }

  private static ConfigText decode(ConfigFile file, byte[] bytes) throws IOException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return new ConfigText(file.shown(), text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  static String cause(Throwable failure) {
    return failure instanceof CharacterCodingException
        ? "is not valid UTF-8"
        : ConfigFile.cause(failure);
  }

  /** With a mark of every file that the texts refer to. Blocks. */
  private Reading withSecrets() {
    List<String> all = texts.stream().map(ConfigText::text).toList();
    return new Reading(paths, texts, problems, SecretFiles.fingerprint(all));
  }

  /** A fingerprint of the texts and their order, as hexadecimal digits. */
  public String hash() {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      for (ConfigText text : texts) {
        sum.update(text.text().getBytes(StandardCharsets.UTF_8));
        sum.update((byte) 0);
      }
      return HexFormat.of().formatHex(sum.digest(), 0, HASH);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The path to name when nothing more exact is known. */
  Path start() {
    return start(paths);
  }

  private static Path start(List<Path> paths) {
    return paths.isEmpty() ? Path.of("") : paths.get(0);
  }
}
