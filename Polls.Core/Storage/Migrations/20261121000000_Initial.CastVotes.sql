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
-- out  one row per vote: ix (from 1), outcome (see VoteOutcome), and the vote that counts now; no tally_version while participants may not
--                        see the tally, because turnout could be read from it
--      one row per poll:  ix (into p_polls), outcome -1, the poll's tally after this batch, moved or not, and the store's epoch
--
-- The plan always uses index look-ups: the tables grow by millions of rows while a prepared plan is in use, and a plan from the time when
-- they were empty must not scan them. Lock waits end after three seconds (error 55P03): the other polls of a batch must not wait for a
-- poll that another transaction keeps locked.
CREATE FUNCTION cast_votes_v1(
  p_polls uuid[], p_poll_ix integer[], p_participants uuid[], p_revisions integer[], p_editions integer[],
  p_marks smallint[], p_weights integer[], p_mark_ends integer[])
RETURNS TABLE (
  ix integer, outcome integer, revision integer, tally_version bigint, cast_at timestamptz,
  marks smallint[], room_id uuid, poll_version bigint, counts integer[], voters integer, epoch text,
  weights integer[])
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
BEGIN
  -- Serialises with all other batches, opens, closes and resets of these polls. Global lock order: by id.
  PERFORM 1 FROM polls p WHERE p.id = ANY (p_polls) ORDER BY p.id FOR NO KEY UPDATE;

  -- Read the clock after locking: a vote that waited for a lock past the poll's end is late, and times follow tally versions.
  v_now := clock_timestamp();

  -- A new statement has a new snapshot: it sees everything that was committed before the locks were taken.
  RETURN QUERY
  WITH incoming AS MATERIALIZED (
    SELECT v.n::integer AS n, p.id AS poll_id, v.participant_id, v.revision, v.marks, v.weights, t.version + 1 AS tally_version,
           COALESCE(p.results_shown, p.visibility = 0 OR (p.visibility IN (1, 3) AND p.state = 2)) AS visible,
           p.results_shown IS NULL AND p.visibility = 3 AS after_vote,
           old.revision AS old_revision, old.marks AS old_marks, old.weights AS old_weights, old.tally_version AS old_tally_version, old.cast_at AS old_cast_at,
           CASE
             WHEN p.id IS NULL THEN 3
             WHEN old.revision = v.revision THEN 1
             WHEN old.revision > v.revision THEN 2
             WHEN p.state <> 1 OR p.closes_at <= v_now THEN 4
             WHEN p.edition <> v.edition THEN 5
             WHEN NOT p.allow_change AND cardinality(old.marks) > 0 THEN 6
             ELSE 0
           END AS outcome
    FROM (
      SELECT i.n, p_polls[i.poll_ix] AS poll_id, i.participant_id, i.revision, i.edition,
             p_marks[i.mark_start : i.mark_end] AS marks,
             -- A vote has weights for all of its marks or for none.
             CASE WHEN i.mark_end >= i.mark_start AND p_weights[i.mark_start] <> 0 THEN p_weights[i.mark_start : i.mark_end] END AS weights
      FROM (
        SELECT u.*, COALESCE(lag(u.mark_end) OVER (ORDER BY u.n), 0) + 1 AS mark_start
        FROM unnest(p_poll_ix, p_participants, p_revisions, p_editions, p_mark_ends) WITH ORDINALITY
          AS u (poll_ix, participant_id, revision, edition, mark_end, n)
      ) i
    ) v
    LEFT JOIN polls p ON p.id = v.poll_id
    LEFT JOIN tallies t ON t.poll_id = v.poll_id
    -- Looked up one by one: planned while the table is empty, a join would read the whole table for every batch to come.
    LEFT JOIN LATERAL (
      SELECT o.revision, o.marks, o.weights, o.tally_version, o.cast_at
      FROM votes o WHERE o.poll_id = v.poll_id AND o.participant_id = v.participant_id
      OFFSET 0
    ) old ON true
  ),
  written AS (
    INSERT INTO votes AS w (poll_id, participant_id, revision, marks, weights, tally_version, cast_at)
    SELECT i.poll_id, i.participant_id, i.revision, i.marks, i.weights, i.tally_version, v_now FROM incoming i WHERE i.outcome = 0
    ON CONFLICT ON CONSTRAINT pk_votes DO UPDATE
      SET revision = excluded.revision, marks = excluded.marks, weights = excluded.weights, tally_version = excluded.tally_version, cast_at = excluded.cast_at
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
    SELECT i.poll_id,
           sum((cardinality(i.marks) > 0)::integer - COALESCE(cardinality(i.old_marks) > 0, false)::integer)::integer AS delta
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
         CASE WHEN NOT i.visible AND NOT (i.after_vote AND cardinality(CASE WHEN i.outcome = 0 THEN i.marks ELSE i.old_marks END) > 0) THEN NULL
              WHEN i.outcome = 0 THEN i.tally_version ELSE i.old_tally_version END,
         CASE WHEN i.outcome = 0 THEN v_now ELSE i.old_cast_at END,
         CASE WHEN i.outcome = 0 THEN i.marks ELSE i.old_marks END,
         NULL::uuid, NULL::bigint, NULL::integer[], NULL::integer, NULL::text,
         CASE WHEN i.outcome = 0 THEN i.weights ELSE i.old_weights END
  FROM incoming i
  UNION ALL
  SELECT q.n::integer, -1, NULL, COALESCE(m.version, t.version), NULL, NULL,
         p.room_id, p.version, COALESCE(m.counts, t.counts), COALESCE(m.voters, t.voters), store_epoch_v1(), NULL
  FROM unnest(p_polls) WITH ORDINALITY AS q (poll_id, n)
  JOIN polls p ON p.id = q.poll_id
  JOIN tallies t ON t.poll_id = q.poll_id
  LEFT JOIN moved m ON m.poll_id = q.poll_id;
END
$$;
