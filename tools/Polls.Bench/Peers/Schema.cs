namespace Polls.Bench.Peers;

/// <summary>
/// The storage of both peers: one row per voter and poll, one tally per poll, updated by the difference. A vote is one
/// statement, so one round trip and one commit: the fastest way without batching votes.
/// </summary>
internal static class Schema
{
    public const string Tables =
        """
        CREATE TABLE IF NOT EXISTS peer_tallies (
          poll_id uuid PRIMARY KEY, version bigint NOT NULL, counts integer[] NOT NULL, voters integer NOT NULL)
          WITH (fillfactor = 20);
        CREATE TABLE IF NOT EXISTS peer_votes (
          poll_id uuid, voter_id uuid, revision integer NOT NULL, choice integer NOT NULL,
          cast_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (poll_id, voter_id))
          WITH (fillfactor = 80);
        """;

    /// <summary>$1 poll, $2 voter, $3 revision, $4 choice from 0.</summary>
    public const string Cast =
        """
        WITH old AS (SELECT choice FROM peer_votes WHERE poll_id = $1 AND voter_id = $2),
        vote AS (
          INSERT INTO peer_votes AS v (poll_id, voter_id, revision, choice) VALUES ($1, $2, $3, $4)
          ON CONFLICT (poll_id, voter_id) DO UPDATE
          SET revision = excluded.revision, choice = excluded.choice, cast_at = excluded.cast_at
          WHERE v.revision < excluded.revision
          RETURNING choice, (SELECT choice FROM old) AS before)
        UPDATE peer_tallies t
        SET version = t.version + 1, voters = t.voters + (vote.before IS NULL)::integer,
            counts = ARRAY(SELECT c.n + (c.i - 1 = vote.choice)::integer
                             - (c.i - 1 IS NOT DISTINCT FROM vote.before)::integer
                           FROM unnest(t.counts) WITH ORDINALITY AS c (n, i) ORDER BY c.i)
        FROM vote WHERE t.poll_id = $1
        RETURNING t.version, t.counts, t.voters
        """;
}
