-- The tally of a numeric poll in one snapshot: the versions that decide who may see it, and the figures of all its numbers, exact.
--
-- in   $1  the poll
--      $2  number of decimals of the mean, which is rounded half away from zero
--      $3  where the first bin begins   $4  width of a bin   $5  number of bins; the last one includes its upper bound
-- out  room_id, poll_version, epoch, version, voters; n, and if it is not 0 min, max, mean, median, q1, q3, bins; discarded
WITH numbers AS MATERIALIZED (
  SELECT e.key::numeric AS value, e.count, sum(e.count) OVER (ORDER BY e.key::numeric) AS upto FROM entries e WHERE e.poll_id = $1 AND e.count > 0
),
whole AS (
  SELECT COALESCE(sum(count), 0)::integer AS n, min(value) AS min, max(value) AS max, sum(value * count) AS sum FROM numbers
)
SELECT p.room_id, p.version AS poll_version, store_epoch_v1() AS epoch, t.version, t.voters, w.n, w.min, w.max,
       round(w.sum / NULLIF(w.n, 0), $2) AS mean,
       ((SELECT min(value) FROM numbers WHERE 2 * upto >= w.n) + (SELECT min(value) FROM numbers WHERE 2 * upto > w.n)) / 2 AS median,
       (SELECT min(value) FROM numbers WHERE 4 * upto >= w.n) AS q1,
       (SELECT min(value) FROM numbers WHERE 4 * upto >= 3 * w.n) AS q3,
       (SELECT array_agg(COALESCE(b.count, 0) ORDER BY i)
        FROM generate_series(0, $5 - 1) i
        LEFT JOIN (
          SELECT LEAST(floor((value - $3) / $4), $5 - 1)::integer AS bin, sum(count)::integer AS count FROM numbers GROUP BY 1
        ) b ON b.bin = i) AS bins,
       t.discarded
FROM polls p
JOIN tallies t ON t.poll_id = p.id
CROSS JOIN whole w
WHERE p.id = $1
