package io.sluice.stream;

import io.sluice.replica.Tables;
import java.util.List;

/**
 * What replicas keep in their database about who has which event. Everything is done by functions,
 * one call each: a replica that stands still, or was cut off, never leaves a transaction open in
 * which others would wait.
 *
 * <ul>
 *   <li>{@code sluice_streams}: the streams, each with the key of its hash, and how long keys are
 *       remembered;
 *   <li>{@code sluice_keys}: keys of events that some replica has, and when it received them;
 *   <li>{@code sluice_sessions}: how far clients' sessions are;
 *   <li>{@code sluice_logs}: journals, who has them ({@code term}), and up to where everything in
 *       them is decided;
 *   <li>{@code sluice_voids}: events in them that do not count.
 * </ul>
 */
final class AgreementTables {
  /**
   * How long an event may have waited since it was received, and how much longer than their window
   * keys are remembered: an event older than this is taken for nobody, for its key may have been
   * forgotten meanwhile. The same in every function.
   */
  private static final String LATE = "interval '1 hour'";

  /** How long a session is remembered after its last event. */
  private static final String IDLE = "interval '24 hours'";

  /** How long a log is remembered that ended with its process. */
  private static final String ENDED = "interval '7 days'";

  /** How long after its last use a lasting log is, and a stream beyond what its keys are. */
  private static final String GONE = "interval '90 days'";

  private static final String STREAMS =
      "CREATE TABLE sluice_streams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
          + " name text NOT NULL UNIQUE, key uuid NOT NULL, kept interval NOT NULL,"
          + " used timestamptz NOT NULL)";

  private static final String KEYS =
      "CREATE TABLE sluice_keys (stream int NOT NULL, key uuid NOT NULL,"
          + " received timestamptz NOT NULL, PRIMARY KEY (stream, key))";

  private static final String KEYS_BY_TIME =
      "CREATE INDEX sluice_keys_received ON sluice_keys (stream, received)";

  private static final String SESSIONS =
      "CREATE TABLE sluice_sessions (stream int NOT NULL, session text NOT NULL,"
          + " through bigint NOT NULL, used timestamptz NOT NULL, PRIMARY KEY (stream, session))";

  private static final String SESSIONS_BY_TIME =
      "CREATE INDEX sluice_sessions_used ON sluice_sessions (stream, used)";

  private static final String LOGS =
      "CREATE TABLE sluice_logs (log uuid PRIMARY KEY, stream int NOT NULL, term bigint NOT NULL,"
          + " through bigint NOT NULL, owner uuid NOT NULL, epoch int NOT NULL,"
          + " lasting boolean NOT NULL, used timestamptz NOT NULL) WITH (fillfactor = 50)";

  private static final String VOIDS =
      "CREATE TABLE sluice_voids (log uuid NOT NULL, ordinal bigint NOT NULL,"
          + " elsewhere boolean NOT NULL, PRIMARY KEY (log, ordinal))";

  /**
   * A question that was given up may arrive all the same, after a later one of the same owner, who
   * has it done once; or of the owner's successor, whose epoch is later.
   */
  private static final String TAKE =
      """
      CREATE FUNCTION sluice_take_1(p_stream text, p_log uuid, p_owner uuid, p_epoch int,
          p_from bigint, p_known bigint, p_next bigint, p_lasting boolean, p_window interval,
          OUT o_stream int, OUT o_key uuid, OUT o_term bigint, OUT o_through bigint,
          OUT o_elsewhere bigint[], OUT o_late bigint[], OUT o_now bigint)
      LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO sluice_streams AS s (name, key, kept, used)
          VALUES (p_stream, gen_random_uuid(), p_window, clock_timestamp())
          ON CONFLICT (name) DO UPDATE SET used = excluded.used,
            kept = CASE WHEN p_window > interval '0' THEN p_window ELSE s.kept END
          RETURNING s.id, s.key INTO o_stream, o_key;
        INSERT INTO sluice_logs AS l (log, stream, term, through, owner, epoch, lasting, used)
          VALUES (p_log, o_stream, 1, p_known, p_owner, p_epoch, p_lasting, clock_timestamp())
          ON CONFLICT (log) DO UPDATE SET stream = excluded.stream, term = l.term + 1,
            through = least(l.through, p_next), owner = p_owner, epoch = p_epoch,
            used = excluded.used
          WHERE l.owner <> p_owner AND l.epoch <= p_epoch
          RETURNING l.term, l.through INTO o_term, o_through;
        IF o_term IS NOT NULL THEN
          DELETE FROM sluice_voids WHERE log = p_log AND ordinal >= p_next;
        ELSE
          SELECT l.term, l.through INTO o_term, o_through FROM sluice_logs l
            WHERE l.log = p_log AND l.owner = p_owner;
        END IF;
        SELECT coalesce(array_agg(v.ordinal) FILTER (WHERE v.elsewhere), '{}'),
            coalesce(array_agg(v.ordinal) FILTER (WHERE NOT v.elsewhere), '{}')
          INTO o_elsewhere, o_late FROM sluice_voids v WHERE v.log = p_log AND v.ordinal >= p_from;
        o_now := extract(epoch FROM clock_timestamp()) * 1000;
      END $$
      """;

  /** A session's events: those it has elsewhere, those that leave a gap, and the rest. */
  private static final String NUMBERED =
      """
        FOR i IN 1 .. cardinality(p_session) LOOP
          CONTINUE WHEN p_from + p_start[i] < v_through;
          INSERT INTO sluice_sessions AS s (stream, session, through, used)
            VALUES (p_stream, p_session[i], p_base[i], v_now)
            ON CONFLICT (stream, session)
              DO UPDATE SET used = v_now, through = greatest(s.through, p_base[i])
            RETURNING s.through INTO v_at;
          IF p_last[i] <= v_at THEN
            o_elsewhere := o_elsewhere
              || ARRAY(SELECT generate_series(p_start[i], p_start[i] + p_size[i] - 1));
          ELSIF p_first[i] > v_at + 1 OR to_timestamp(p_seen[i] / 1000.0) < v_now - %1$s
              OR (p_first[i] <= v_at AND p_last[i] - p_first[i] + 1 <> p_size[i]) THEN
            o_late := o_late
              || ARRAY(SELECT generate_series(p_start[i], p_start[i] + p_size[i] - 1));
          ELSE
            IF p_first[i] <= v_at THEN
              o_elsewhere := o_elsewhere || ARRAY(
                SELECT generate_series(p_start[i], p_start[i] + (v_at - p_first[i])::int));
            END IF;
            UPDATE sluice_sessions SET through = p_last[i]
              WHERE stream = p_stream AND session = p_session[i];
          END IF;
        END LOOP;
      """;

  /** Keys: whoever is first has the event, unless that was longer ago than the window is long. */
  private static final String KEYED =
      """
        IF cardinality(p_keys) > 0 THEN
          v_settled := o_elsewhere || o_late;
          WITH first AS (
              SELECT DISTINCT ON (u.key) u.key,
                least(to_timestamp(u.received / 1000.0), v_now) AS received
              FROM unnest(p_keys, p_places, p_received) AS u (key, place, received)
              WHERE p_from + u.place >= v_through
                AND (v_settled = '{}' OR u.place <> ALL (v_settled))
                AND to_timestamp(u.received / 1000.0) >= v_now - %1$s
              ORDER BY u.key, u.place),
            won AS (
              INSERT INTO sluice_keys AS k (stream, key, received)
              SELECT p_stream, f.key, f.received FROM first f ORDER BY f.key
              ON CONFLICT (stream, key) DO UPDATE SET received = excluded.received
                WHERE k.received <= excluded.received - p_window
              RETURNING k.key)
          SELECT coalesce(array_agg(w.key), '{}') INTO v_won FROM won w;
          IF cardinality(v_won) < cardinality(p_keys) THEN
            WITH asked AS (
                SELECT u.key, u.place, to_timestamp(u.received / 1000.0) AS received,
                  row_number() OVER (PARTITION BY u.key ORDER BY u.place) AS nth
                FROM unnest(p_keys, p_places, p_received) AS u (key, place, received)
                WHERE p_from + u.place >= v_through
                  AND (v_settled = '{}' OR u.place <> ALL (v_settled))),
              lost AS (
                SELECT a.place, a.received >= v_now - %1$s OR EXISTS (
                    SELECT 1 FROM sluice_keys k WHERE k.stream = p_stream AND k.key = a.key
                      AND k.received > a.received - p_window) AS elsewhere
                FROM asked a LEFT JOIN unnest(v_won) AS w (key) ON w.key = a.key
                WHERE w.key IS NULL OR a.nth > 1)
            SELECT o_elsewhere || coalesce(array_agg(l.place) FILTER (WHERE l.elsewhere), '{}'),
                o_late || coalesce(array_agg(l.place) FILTER (WHERE NOT l.elsewhere), '{}')
              INTO o_elsewhere, o_late FROM lost l;
          END IF;
        END IF;
      """;

  private static final String DECIDE =
      """
      CREATE FUNCTION sluice_decide_1(p_stream int, p_log uuid, p_term bigint, p_from bigint,
          p_to bigint, p_remembered bigint, p_session text[], p_first bigint[], p_last bigint[],
          p_base bigint[], p_start int[], p_size int[], p_seen bigint[], p_keys uuid[],
          p_places int[], p_received bigint[], p_window interval, OUT o_state int,
          OUT o_now bigint, OUT o_elsewhere int[], OUT o_late int[])
      LANGUAGE plpgsql SET enable_nestloop = off SET jit = off AS $$
      DECLARE
        v_now timestamptz;
        v_term bigint;
        v_through bigint;
        v_at bigint;
        v_settled int[];
        v_won uuid[];
      BEGIN
        o_state := 0;
        o_elsewhere := '{}';
        o_late := '{}';
        SELECT l.term, l.through INTO v_term, v_through FROM sluice_logs l WHERE l.log = p_log
          FOR UPDATE;
        v_now := clock_timestamp();
        o_now := extract(epoch FROM v_now) * 1000;
        IF v_term IS NULL OR v_term < p_term THEN
          o_state := 1;
          RETURN;
        ELSIF v_term > p_term THEN
          o_state := 2;
          RETURN;
        END IF;
      """
          + NUMBERED
          + KEYED
          + """
            IF o_elsewhere <> '{}' OR o_late <> '{}' THEN
              INSERT INTO sluice_voids (log, ordinal, elsewhere)
                SELECT p_log, p_from + place, true FROM unnest(o_elsewhere) AS place
                UNION ALL SELECT p_log, p_from + place, false FROM unnest(o_late) AS place;
            END IF;
            IF v_through > p_from THEN
              SELECT o_elsewhere || coalesce(
                    array_agg((v.ordinal - p_from)::int) FILTER (WHERE v.elsewhere), '{}'),
                  o_late || coalesce(
                    array_agg((v.ordinal - p_from)::int) FILTER (WHERE NOT v.elsewhere), '{}')
                INTO o_elsewhere, o_late FROM sluice_voids v
                WHERE v.log = p_log AND v.ordinal >= p_from AND v.ordinal < least(v_through, p_to);
            END IF;
            IF p_remembered > 0 THEN
              DELETE FROM sluice_voids WHERE log = p_log AND ordinal < p_remembered;
            END IF;
            UPDATE sluice_logs SET through = greatest(v_through, p_to), used = v_now
              WHERE log = p_log;
          END $$
          """;

  /** What is over of one's own stream, and of one that nobody has any more. */
  private static final String TIDY =
      """
      CREATE FUNCTION sluice_tidy_1(p_stream int, p_log uuid, p_part int) RETURNS boolean
      LANGUAGE plpgsql AS $$
      DECLARE
        v_now timestamptz := clock_timestamp();
        v_kept interval;
        v_gone int;
        v_keys bigint;
        v_sessions bigint;
        v_left bigint := 0;
      BEGIN
        UPDATE sluice_logs SET used = v_now WHERE log = p_log;
        IF NOT pg_try_advisory_xact_lock(1936487529, p_stream) THEN
          RETURN false;
        END IF;
        UPDATE sluice_streams SET used = v_now WHERE id = p_stream RETURNING kept INTO v_kept;
        DELETE FROM sluice_keys k WHERE k.stream = p_stream AND k.key = ANY (ARRAY(
          SELECT o.key FROM sluice_keys o
          WHERE o.stream = p_stream AND o.received < v_now - v_kept - %1$s
          ORDER BY o.received LIMIT p_part FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS v_keys = ROW_COUNT;
        DELETE FROM sluice_sessions s WHERE s.stream = p_stream AND s.session = ANY (ARRAY(
          SELECT o.session FROM sluice_sessions o
          WHERE o.stream = p_stream AND o.used < v_now - %2$s - %1$s
          ORDER BY o.used LIMIT p_part FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS v_sessions = ROW_COUNT;
        WITH gone AS (
          DELETE FROM sluice_logs l WHERE l.stream = p_stream
            AND l.used < v_now - CASE WHEN l.lasting THEN %4$s ELSE %3$s END RETURNING l.log)
        DELETE FROM sluice_voids v USING gone g WHERE v.log = g.log;
        SELECT s.id INTO v_gone FROM sluice_streams s WHERE s.used < v_now - s.kept - %4$s
          LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF v_gone IS NOT NULL THEN
          DELETE FROM sluice_keys k WHERE k.stream = v_gone AND k.key = ANY (ARRAY(
            SELECT o.key FROM sluice_keys o WHERE o.stream = v_gone LIMIT p_part));
          GET DIAGNOSTICS v_left = ROW_COUNT;
          IF v_left < p_part THEN
            DELETE FROM sluice_sessions s WHERE s.stream = v_gone;
            DELETE FROM sluice_voids v USING sluice_logs l
              WHERE l.stream = v_gone AND v.log = l.log;
            DELETE FROM sluice_logs l WHERE l.stream = v_gone;
            DELETE FROM sluice_streams s WHERE s.id = v_gone;
          END IF;
        END IF;
        RETURN greatest(v_keys, v_sessions, v_left) >= p_part;
      END $$
      """;

  /** All of them. */
  static final Tables TABLES =
      new Tables(
          "agreement",
          List.of(
              List.of(
                  STREAMS,
                  KEYS,
                  KEYS_BY_TIME,
                  SESSIONS,
                  SESSIONS_BY_TIME,
                  LOGS,
                  VOIDS,
                  TAKE,
                  DECIDE.formatted(LATE),
                  TIDY.formatted(LATE, IDLE, ENDED, GONE))));

  private AgreementTables() {}
}
