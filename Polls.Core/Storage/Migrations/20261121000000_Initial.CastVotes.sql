-- cast_votes_v1: stores a batch of votes in one statement, so in one transaction and one round trip. The server has the whole batch
-- before it takes the first lock, so a caller that is stopped or crashes cannot keep a lock.
--
-- From 1.0 on, a changed version of this function gets a new name in a new migration. The old version stays until no instance calls it any more, so
-- that two versions of the product can run side by side during a rollout.
--
-- in   p_polls         the polls of the batch, each once
--      p_poll_ix       per vote: index into p_polls, from 1
--      p_participants  per vote: the voter; (poll, voter) must not occur twice in one batch
--      p_revisions     per vote: the voter's counter
--      p_editions      per vote: the poll's edition that the choices were checked against
--      p_marks         the marks of all votes, one after the other: the cells of the tally that they add to
--      p_weights       what each mark adds, 0 where a vote has no weights and each adds 1; empty if no vote has weights. (A null would stay
--                      noted in every slice of the array.)
--      p_mark_ends     per vote: index of its last mark in p_marks (no marks: that of the vote before)
--      p_keys          per vote: the keys of the entries that it adds to, each followed by U+001F but the last; '' if none
--      p_texts         per vote: the person's spelling of each of them, in the same form; '' if the spelling is the key
--      p_states        per vote: a digit for each key: the state of the entry if it is new (see EntryState)
--                      All three are empty if no vote has keys.
-- out  one row per vote: ix (from 1), outcome (see VoteOutcome), and the vote that counts now; no tally_version while participants may not
--                        see the tally, because turnout could be read from it
--      one row per poll:  ix (into p_polls), outcome -1, the poll's tally after this batch, moved or not, and the store's epoch
--
-- An entry (see EntryRow) counts the votes with its key; one that others were merged into counts the votes with any of their keys, each once.
-- A word stays when no vote has it any more, so that it has its number, its first spelling and the host's decisions when it is said again.
-- A number that no vote has is deleted.
--
-- The plan always uses index look-ups: the tables grow by millions of rows while a prepared plan is in use, and a plan from the time when
-- they were empty must not scan them. Lock waits end after three seconds (error 55P03): the other polls of a batch must not wait for a
-- poll that another transaction keeps locked.
CREATE FUNCTION cast_votes_v1(
  p_polls uuid[], p_poll_ix integer[], p_participants uuid[], p_revisions integer[], p_editions integer[],
  p_marks smallint[], p_weights integer[], p_mark_ends integer[], p_keys text[], p_texts text[], p_states text[])
RETURNS TABLE (
  ix integer, outcome integer, revision integer, tally_version bigint, cast_at timestamptz,
  marks smallint[], room_id uuid, poll_version bigint, counts integer[], voters integer, epoch text,
  weights integer[], keys text[], texts text[], discarded integer)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET jit = off
SET lock_timeout = '3s'
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_material = off
AS $$
#variable_conflict use_column
DECLARE
  v_now timestamptz;
  v_without_space integer[];
BEGIN
  -- Serialises with all other batches, opens, closes and resets of these polls. Global lock order: by id.
  PERFORM 1 FROM polls p WHERE p.id = ANY (p_polls) ORDER BY p.id FOR NO KEY UPDATE;

  -- Read the clock after locking: a vote that waited for a lock past the poll's end is late, and times follow tally versions.
  v_now := clock_timestamp();

  -- A new statement has a new snapshot: it sees everything that was committed before the locks were taken.
  -- Most batches have nothing to do with entries, and the next statement takes a third of a small batch's time even if it finds nothing to do.
  IF cardinality(p_keys) > 0 OR EXISTS (SELECT FROM tallies t WHERE t.poll_id = ANY (p_polls) AND t.last_entry > 0) THEN
    WITH judged AS MATERIALIZED (
      SELECT n, poll_id, keys, texts, states, last_entry, space, old_keys, outcome
      FROM judge_votes_v1(
        p_polls, p_poll_ix, p_participants, p_revisions, p_editions, p_marks, p_weights, p_mark_ends, p_keys, p_texts, p_states, v_now)
    ),
    -- Every key that a vote adds (sign 1) or takes (-1), with its entry and the one that the entry was merged into. A key that a vote takes
    -- has an entry.
    said AS (
      SELECT s.*, min(s.place) OVER (PARTITION BY s.poll_id, s.key) AS first_place, e.n AS entry, e.count, e.row_id,
             r.n AS root, r.key AS root_key, r.text AS root_text, r.count AS root_count
      FROM (
        SELECT j.poll_id, j.n AS vote, 1 AS sign, k.key, j.texts[k.ord] AS text, NULLIF(substr(j.states, k.ord::integer, 1), '')::smallint AS state,
               100 * j.n + k.ord AS place, j.last_entry, j.space
        FROM judged j, unnest(j.keys) WITH ORDINALITY AS k (key, ord) WHERE j.outcome = 0
        UNION ALL
        SELECT j.poll_id, j.n, -1, k.key, NULL, NULL, NULL, NULL, j.space FROM judged j, unnest(j.old_keys) AS k (key) WHERE j.outcome = 0
      ) s
      LEFT JOIN LATERAL (
        SELECT o.n, o.count, o.root, o.ctid AS row_id FROM entries o WHERE o.poll_id = s.poll_id AND o.key = s.key OFFSET 0
      ) e ON true
      LEFT JOIN LATERAL (
        SELECT o.n, o.key, o.text, o.count FROM entries o WHERE o.poll_id = s.poll_id AND o.n = e.root OFFSET 0
      ) r ON true
    ),
    -- New keys are numbered in order of appearance.
    numbered AS MATERIALIZED (
      SELECT s.*, dense_rank() OVER (PARTITION BY s.poll_id, s.entry IS NULL ORDER BY s.first_place) AS place_of_new FROM said s
    ),
    without_space AS (
      SELECT array_agg(DISTINCT s.vote) AS votes FROM numbered s WHERE s.entry IS NULL AND s.place_of_new > s.space
    ),
    -- A vote counts once for an entry, also if it has the keys of several that were merged into it.
    entry_moves AS MATERIALIZED (
      SELECT m.*, m.count = 0 AND NOT m.is_word AS is_gone
      FROM (
        SELECT s.poll_id, s.entry, min(s.key) AS key, (array_agg(s.text ORDER BY s.place))[1] AS text,
               (array_agg(s.state ORDER BY s.place))[1] AS state, bool_or(s.is_word) AS is_word, min(s.row_id) AS row_id, min(s.count) AS before,
               COALESCE(min(s.count), 0)
                 + (count(DISTINCT s.vote) FILTER (WHERE s.sign = 1) - count(DISTINCT s.vote) FILTER (WHERE s.sign = -1))::integer AS count
        FROM (
          SELECT s.poll_id, COALESCE(s.entry, s.last_entry + s.place_of_new::integer) AS entry, s.vote, s.sign, s.key, s.text, s.state, s.place,
                 s.space IS NOT NULL AS is_word, s.row_id, s.count
          FROM numbered s
          UNION ALL
          SELECT s.poll_id, s.root, s.vote, s.sign, s.root_key, s.root_text, NULL, NULL, true, NULL, s.root_count FROM numbered s WHERE s.root IS NOT NULL
        ) s
        WHERE NOT COALESCE(s.vote = ANY ((SELECT votes FROM without_space)::integer[]), false)
        GROUP BY s.poll_id, s.entry
      ) m
    ),
    -- The poll's lock is held, so nobody else changes its entries: the count can be absolute, and the row keeps its place.
    counted AS (
      INSERT INTO entries AS e (poll_id, n, key, text, count, state)
      SELECT m.poll_id, m.entry, m.key, COALESCE(m.text, m.key), m.count, COALESCE(m.state, 0)
      FROM entry_moves m WHERE NOT m.is_gone AND m.count IS DISTINCT FROM m.before
      ON CONFLICT ON CONSTRAINT pk_entries DO UPDATE SET count = excluded.count
    ),
    removed AS (
      DELETE FROM entries e WHERE e.ctid = ANY (ARRAY(SELECT m.row_id FROM entry_moves m WHERE m.is_gone))
    ),
    grown AS (
      UPDATE tallies t
      SET last_entry = m.last_entry
      FROM (SELECT m.poll_id, max(m.entry) AS last_entry FROM entry_moves m GROUP BY m.poll_id) m
      WHERE t.poll_id = m.poll_id AND m.last_entry > t.last_entry
    )
    SELECT w.votes INTO v_without_space FROM without_space w;
  END IF;

  -- It judges as the statement above did: that one changed nothing which decides, and the polls are locked.
  RETURN QUERY
  WITH incoming AS MATERIALIZED (
    SELECT j.n, j.poll_id, j.participant_id, j.revision, j.marks, j.weights, j.keys, j.texts, j.tally_version, j.visible, j.after_vote,
           j.old_revision, j.old_marks, j.old_weights, j.old_keys, j.old_texts, j.old_tally_version, j.old_cast_at,
           cardinality(j.marks) > 0 OR j.keys IS NOT NULL AS answers,
           COALESCE(cardinality(j.old_marks) > 0 OR j.old_keys IS NOT NULL, false) AS answered,
           CASE WHEN j.n = ANY (v_without_space) THEN 13 ELSE j.outcome END AS outcome
    FROM judge_votes_v1(
      p_polls, p_poll_ix, p_participants, p_revisions, p_editions, p_marks, p_weights, p_mark_ends, p_keys, p_texts, p_states, v_now) j
  ),
  written AS (
    INSERT INTO votes AS w (poll_id, participant_id, revision, marks, weights, keys, texts, tally_version, cast_at)
    SELECT i.poll_id, i.participant_id, i.revision, i.marks, i.weights, i.keys, i.texts, i.tally_version, v_now FROM incoming i WHERE i.outcome = 0
    ON CONFLICT ON CONSTRAINT pk_votes DO UPDATE
      SET revision = excluded.revision, marks = excluded.marks, weights = excluded.weights, keys = excluded.keys, texts = excluded.texts,
          tally_version = excluded.tally_version, cast_at = excluded.cast_at
  ),
  moves AS MATERIALIZED (
    SELECT m.poll_id, m.mark, sum(m.sign * COALESCE(m.weight, 1))::integer AS delta
    FROM (
      SELECT i.poll_id, unnest(i.marks) AS mark, unnest(i.weights) AS weight, 1 AS sign FROM incoming i WHERE i.outcome = 0
      UNION ALL
      SELECT i.poll_id, unnest(i.old_marks), unnest(i.old_weights), -1 FROM incoming i WHERE i.outcome = 0
    ) m
    GROUP BY m.poll_id, m.mark
  ),
  turnout AS (
    SELECT i.poll_id, sum(i.answers::integer - i.answered::integer)::integer AS delta
    FROM incoming i WHERE i.outcome = 0
    GROUP BY i.poll_id
  ),
  moved AS (
    UPDATE tallies t
    SET version = t.version + 1,
        voters = t.voters + turnout.delta,
        moved_at = v_now,
        counts = ARRAY(
          SELECT c.count + COALESCE(m.delta, 0)
          FROM unnest(t.counts) WITH ORDINALITY AS c (count, n)
          LEFT JOIN moves m ON m.poll_id = t.poll_id AND m.mark = c.n - 1
          ORDER BY c.n)
    FROM turnout
    WHERE t.poll_id = turnout.poll_id
    RETURNING t.poll_id, t.version, t.counts, t.voters
  )
  SELECT i.n, i.outcome,
         CASE WHEN i.outcome = 0 THEN i.revision ELSE i.old_revision END,
         CASE WHEN NOT i.visible AND NOT (i.after_vote AND CASE WHEN i.outcome = 0 THEN i.answers ELSE i.answered END) THEN NULL
              WHEN i.outcome = 0 THEN i.tally_version ELSE i.old_tally_version END,
         CASE WHEN i.outcome = 0 THEN v_now ELSE i.old_cast_at END,
         CASE WHEN i.outcome = 0 THEN i.marks ELSE i.old_marks END,
         NULL::uuid, NULL::bigint, NULL::integer[], NULL::integer, NULL::text,
         CASE WHEN i.outcome = 0 THEN i.weights ELSE i.old_weights END,
         CASE WHEN i.outcome = 0 THEN i.keys ELSE i.old_keys END,
         CASE WHEN i.outcome = 0 THEN i.texts ELSE i.old_texts END,
         NULL::integer
  FROM incoming i
  UNION ALL
  SELECT q.n::integer, -1, NULL, COALESCE(m.version, t.version), NULL, NULL,
         p.room_id, p.version, COALESCE(m.counts, t.counts), COALESCE(m.voters, t.voters), store_epoch_v1(), NULL, NULL, NULL,
         t.discarded
  FROM unnest(p_polls) WITH ORDINALITY AS q (poll_id, n)
  JOIN polls p ON p.id = q.poll_id
  JOIN tallies t ON t.poll_id = q.poll_id
  LEFT JOIN moved m ON m.poll_id = q.poll_id;
END
$$;

-- judge_votes_v1: the votes of a batch with the outcome of each, as far as words do not decide it. The parameters are those of cast_votes_v1,
-- and the time to judge by. A function of this form becomes a part of the statement that calls it, and of its plan.
CREATE FUNCTION judge_votes_v1(
  p_polls uuid[], p_poll_ix integer[], p_participants uuid[], p_revisions integer[], p_editions integer[],
  p_marks smallint[], p_weights integer[], p_mark_ends integer[], p_keys text[], p_texts text[], p_states text[], p_now timestamptz)
RETURNS TABLE (
  n integer, poll_id uuid, participant_id uuid, revision integer, marks smallint[], weights integer[], keys text[], texts text[], states text,
  tally_version bigint, last_entry integer, space integer, visible boolean, after_vote boolean,
  old_revision integer, old_marks smallint[], old_weights integer[], old_keys text[], old_texts text[], old_tally_version bigint,
  old_cast_at timestamptz, outcome integer)
LANGUAGE sql STABLE
AS $$
  SELECT v.n::integer AS n, p.id AS poll_id, v.participant_id, v.revision, v.marks, v.weights, v.keys, v.texts, v.states,
         t.version + 1 AS tally_version, t.last_entry,
         -- A word cloud (kind 7) has room for 20,000 words; all that were said since the last reset count. (At the end it can be a few less:
         -- an answer that is refused for lack of space may take numbers from others of its batch.)
         CASE WHEN p.kind = 7 THEN 20000 - t.last_entry END AS space,
         COALESCE(p.results_shown, p.visibility = 0 OR (p.visibility IN (1, 3) AND p.state = 2)) AS visible,
         p.results_shown IS NULL AND p.visibility = 3 AS after_vote,
         old.revision AS old_revision, old.marks AS old_marks, old.weights AS old_weights, old.keys AS old_keys, old.texts AS old_texts,
         old.tally_version AS old_tally_version, old.cast_at AS old_cast_at,
         CASE
           WHEN p.id IS NULL THEN 3
           WHEN EXISTS (SELECT FROM discarded_participants d WHERE d.participant_id = v.participant_id) THEN 14
           WHEN old.revision = v.revision THEN 1
           WHEN old.revision > v.revision THEN 2
           WHEN p.state <> 1 OR p.closes_at <= p_now THEN 4
           WHEN p.edition <> v.edition THEN 5
           WHEN NOT p.allow_change AND (cardinality(old.marks) > 0 OR old.keys IS NOT NULL) THEN 6
           ELSE 0
         END AS outcome
  FROM (
    SELECT i.n, p_polls[i.poll_ix] AS poll_id, i.participant_id, i.revision, i.edition,
           p_marks[i.mark_start : i.mark_end] AS marks,
           -- A vote has weights for all of its marks or for none.
           CASE WHEN i.mark_end >= i.mark_start AND p_weights[i.mark_start] <> 0 THEN p_weights[i.mark_start : i.mark_end] END AS weights,
           string_to_array(NULLIF(i.keys, ''), E'\x1f') AS keys, string_to_array(NULLIF(i.texts, ''), E'\x1f') AS texts, i.states
    FROM (
      SELECT u.*, COALESCE(lag(u.mark_end) OVER (ORDER BY u.n), 0) + 1 AS mark_start
      FROM unnest(p_poll_ix, p_participants, p_revisions, p_editions, p_mark_ends, p_keys, p_texts, p_states) WITH ORDINALITY
        AS u (poll_ix, participant_id, revision, edition, mark_end, keys, texts, states, n)
    ) i
  ) v
  LEFT JOIN polls p ON p.id = v.poll_id
  LEFT JOIN tallies t ON t.poll_id = v.poll_id
  -- Looked up one by one: planned while the table is empty, a join would read the whole table for every batch to come.
  LEFT JOIN LATERAL (
    SELECT o.revision, o.marks, o.weights, o.keys, o.texts, o.tally_version, o.cast_at
    FROM votes o WHERE o.poll_id = v.poll_id AND o.participant_id = v.participant_id
    OFFSET 0
  ) old ON true
$$;
