package io.sluice.codec;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds keys that one object has twice, in JSON that is known to be valid.
 *
 * <p>Keys are compared as they read, escapes undone, by fingerprints of 61 bits under a secret
 * chosen at random: nobody can make two that are equal by intent, and by accident it happens to one
 * in 2<sup>24</sup> events of a mebibyte of nothing but keys, and practically never to others. What
 * it remembers are twelve bytes for each key of the objects that are open, so a few times the
 * event's bytes at the most.
 *
 * <p>Holds the state of one check; used by one thread at a time.
 */
final class JsonKeys {
  /** A Mersenne prime: remainders are cheap. */
  private static final long PRIME = (1L << 61) - 1;

  private static final int FEW = 32;

  private final byte[] in;
  private final long secret = ThreadLocalRandom.current().nextLong(1 << 16, PRIME);

  /** For each level, where the keys of its object begin; -1 for an array. */
  private final int[] levels;

  private long[] prints = new long[FEW];
  private int[] places = new int[FEW];
  private int keys;

  JsonKeys(byte[] in, int maxDepth) {
    this.in = in;
    this.levels = new int[maxDepth];
  }

  /** Where the first key starts that its object has already, or -1. */
  int repeated(int at, int to) {
    keys = 0;
    int depth = 0;
    boolean key = false;
    int first = -1;
    while (at < to) {
      switch (in[at]) {
        case '{' -> {
          levels[depth++] = keys;
          key = true;
        }
        case '[' -> {
          levels[depth++] = -1;
          key = false;
        }
        case ']' -> depth--;
        case '}' -> {
          int twice = close(levels[--depth]);
          first = twice >= 0 && (first < 0 || twice < first) ? twice : first;
        }
        case ',' -> key = levels[depth - 1] >= 0;
        case '"' -> {
          int start = at;
          at = key ? remember(at + 1, start) : end(at + 1);
          key = false;
        }
        default -> {}
      }
      at++;
    }
    return first;
  }

  /** The quote that ends a string whose text starts at {@code at}. */
  private int end(int at) {
    while (in[at] != '"') {
      at += in[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  /** Takes a key's fingerprint; returns the quote that ends it. */
  private int remember(int at, int start) {
    long print = 1;
    while (in[at] != '"') {
      if (in[at] != '\\') {
        print = mixed(print, in[at++] & 0xFF);
      } else if (in[at + 1] != 'u') {
        print = mixed(print, plain(in[at + 1]));
        at += 2;
      } else {
        int code = unit(at + 2);
        at += 6;
        if (Character.isHighSurrogate((char) code)) {
          code = Character.toCodePoint((char) code, (char) unit(at + 2));
          at += 6;
        }
        print = utf8(print, code);
      }
    }
    if (keys == prints.length) {
      prints = Arrays.copyOf(prints, 2 * keys);
      places = Arrays.copyOf(places, 2 * keys);
    }
    prints[keys] = print;
    places[keys++] = start;
    return at;
  }

  private static int plain(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }

  private int unit(int at) {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      unit = unit << 4 | Character.digit(in[i], 16);
    }
    return unit;
  }

  private long utf8(long print, int code) {
    if (code < 0x80) {
      return mixed(print, code);
    }
    int rest = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    long mixed = mixed(print, ((0xFF00 >> (rest + 1)) & 0xFF) | (code >> (6 * rest)));
    while (rest-- > 0) {
      mixed = mixed(mixed, 0x80 | ((code >> (6 * rest)) & 0x3F));
    }
    return mixed;
  }

  /** A polynomial of the bytes, at the secret, modulo the prime. */
  private long mixed(long print, int next) {
    long high = Math.multiplyHigh(print, secret);
    long low = print * secret;
    long sum = (low & PRIME) + ((low >>> 61) | (high << 3)) + next;
    sum = (sum & PRIME) + (sum >>> 61);
    return sum >= PRIME ? sum - PRIME : sum;
  }

  /** Forgets the keys from {@code from}; where the first of them is that was there before. */
  private int close(int from) {
    int size = keys - from;
    keys = from;
    if (size < 2) {
      return -1;
    }
    long[] sorted = Arrays.copyOfRange(prints, from, from + size);
    Arrays.sort(sorted);
    int first = -1;
    for (int i = 1; i < size; i++) {
      if (sorted[i] == sorted[i - 1]) {
        int second = second(from, from + size, sorted[i]);
        first = first < 0 ? second : Math.min(first, second);
      }
    }
    return first;
  }

  private int second(int from, int to, long print) {
    int seen = 0;
    for (int i = from; i < to; i++) {
      if (prints[i] == print && ++seen == 2) {
        return places[i];
      }
    }
    throw new IllegalStateException("there were two");
  }
}
