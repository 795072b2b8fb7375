-- Moves the votes of discarded participants out of the tallies of a room, or back into them, by the exact difference. The polls are locked, and
-- none of these participants has votes in the other table, so the votes there are afterwards those that were moved.
--
-- from: the table that has the votes   to: the other one   sign: -1 takes them out of the tallies, 1 adds them
-- 0: the room   1: the discard
WITH moved AS (
  DELETE FROM {from} v
  USING polls p, discarded_participants d
  WHERE p.room_id = {0} AND p.id = v.poll_id AND d.discard_id = {1} AND d.participant_id = v.participant_id
  RETURNING v.*
)
INSERT INTO {to} SELECT * FROM moved;

-- Numbers that nobody had any more are deleted; those that come back are new entries.
WITH missing AS (
  SELECT k.poll_id, k.key, k.last_entry + row_number() OVER (PARTITION BY k.poll_id ORDER BY k.key) AS n
  FROM (
    SELECT DISTINCT v.poll_id, unnest(v.keys) AS key, t.last_entry
    FROM {to} v
    JOIN polls p ON p.id = v.poll_id AND p.room_id = {0}
    JOIN discarded_participants d ON d.participant_id = v.participant_id AND d.discard_id = {1}
    JOIN tallies t ON t.poll_id = v.poll_id
  ) k
  WHERE NOT EXISTS (SELECT FROM entries e WHERE e.poll_id = k.poll_id AND e.key = k.key)
),
added AS (
  INSERT INTO entries (poll_id, n, key, text, count, state) SELECT m.poll_id, m.n, m.key, m.key, 0, 0 FROM missing m
)
UPDATE tallies t SET last_entry = m.n FROM (SELECT poll_id, max(n) AS n FROM missing GROUP BY poll_id) m WHERE t.poll_id = m.poll_id;

-- A vote counts once for an entry, also if it has the keys of several that were merged into it.
UPDATE entries e
SET count = e.count + {sign} * m.votes
FROM (
  SELECT s.poll_id, s.n, count(DISTINCT s.participant_id)::integer AS votes
  FROM (
    SELECT v.poll_id, v.participant_id, unnest(ARRAY[o.n, o.root]) AS n
    FROM {to} v
    JOIN polls p ON p.id = v.poll_id AND p.room_id = {0}
    JOIN discarded_participants d ON d.participant_id = v.participant_id AND d.discard_id = {1}
    JOIN entries o ON o.poll_id = v.poll_id AND o.key = ANY (v.keys)
  ) s
  WHERE s.n IS NOT NULL
  GROUP BY s.poll_id, s.n
) m
WHERE e.poll_id = m.poll_id AND e.n = m.n;

-- As cast_votes_v1 does: words stay, numbers (kind 8) do not.
DELETE FROM entries e USING polls p WHERE p.id = e.poll_id AND p.room_id = {0} AND p.kind = 8 AND e.count = 0;

WITH moved AS (
  SELECT v.poll_id, v.marks, v.weights, (cardinality(v.marks) > 0 OR v.keys IS NOT NULL)::integer AS answers
  FROM {to} v
  JOIN polls p ON p.id = v.poll_id AND p.room_id = {0}
  JOIN discarded_participants d ON d.participant_id = v.participant_id AND d.discard_id = {1}
),
cells AS (
  SELECT m.poll_id, m.mark, sum(COALESCE(m.weight, 1))::integer AS delta
  FROM (SELECT poll_id, unnest(marks) AS mark, unnest(weights) AS weight FROM moved) m
  GROUP BY m.poll_id, m.mark
),
turnout AS (
  SELECT m.poll_id, sum(m.answers)::integer AS answers FROM moved m GROUP BY m.poll_id
)
UPDATE tallies t
SET version = t.version + 1,
    voters = t.voters + {sign} * o.answers,
    discarded = t.discarded - {sign} * o.answers,
    moved_at = clock_timestamp(),
    counts = ARRAY(
      SELECT c.count + {sign} * COALESCE(m.delta, 0)
      FROM unnest(t.counts) WITH ORDINALITY AS c (count, n)
      LEFT JOIN cells m ON m.poll_id = t.poll_id AND m.mark = c.n - 1
      ORDER BY c.n)
FROM turnout o
WHERE t.poll_id = o.poll_id;
