-- The tally of a poll with entries in one snapshot: the versions that decide who may see it, and its most frequent entries. Merged entries are
-- counted with the entry that they were merged into.
--
-- in   $1  the poll
-- out  room_id, poll_version, epoch, version, voters;
--      total and people of the shown entries, numbers of hidden and of waiting ones;
--      entries: JSON of up to 200 entries, and shown: of up to 100 shown ones (null if all are shown), most frequent first, then oldest first;
--      discarded
SELECT p.room_id, p.version AS poll_version, store_epoch_v1() AS epoch, t.version, t.voters, s.total, s.people, s.hidden, s.pending,
  (SELECT json_agg(e)::text FROM (
     SELECT n, text, count, state FROM entries WHERE poll_id = p.id AND root IS NULL AND count > 0 ORDER BY count DESC, n LIMIT 200
   ) e) AS entries,
  CASE WHEN s.hidden + s.pending > 0 THEN (SELECT json_agg(e)::text FROM (
     SELECT n, text, count, state FROM entries WHERE poll_id = p.id AND root IS NULL AND count > 0 AND state = 0 ORDER BY count DESC, n LIMIT 100
   ) e) END AS shown,
  t.discarded
FROM polls p
JOIN tallies t ON t.poll_id = p.id
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state = 0)::integer AS total, COALESCE(sum(count) FILTER (WHERE state = 0), 0)::integer AS people,
         count(*) FILTER (WHERE state = 1)::integer AS hidden, count(*) FILTER (WHERE state > 1)::integer AS pending
  FROM entries WHERE poll_id = p.id AND root IS NULL AND count > 0
) s
WHERE p.id = $1
