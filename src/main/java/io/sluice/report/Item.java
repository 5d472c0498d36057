package io.sluice.report;

/** What is counted of a source. */
public enum Item {
  /** Events that a stream did not have. */
  EVENTS,
  /** Payload bytes. */
  BYTES,
  /** Events that a stream had already. */
  DUPLICATES,
  /** Receipts. */
  RECEIPTS,
  /** Polls that found something new. */
  NEW,
  /** Polls that found nothing but what was known. */
  KNOWN,
  /** Polls that found nothing. */
  EMPTY,
  /** Polls that failed. */
  FAILED,
  /** Polls that left more behind. */
  MORE,
  /** Requests to hosts. */
  REQUESTS,
  /** Bytes that hosts sent. */
  RECEIVED,
  /** Nanoseconds spent polling. */
  POLLING,
  /** Events that the push source beside it had not brought. */
  MISSED
}
