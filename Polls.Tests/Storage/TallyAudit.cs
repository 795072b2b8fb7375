namespace Polls.Tests.Storage;

/// <summary>A stored tally and the recount of its votes, at the same time.</summary>
internal sealed record TallyAudit(long Version, int Voters, int[] Counts, int VotersAgain, int[] CountsAgain)
{
    /// <summary>One statement, so one snapshot: both values are consistent.</summary>
    public const string Statement =
        """
        SELECT t.version, t.voters, t.counts,
               (SELECT count(*)::integer FROM votes v WHERE v.poll_id = t.poll_id AND (cardinality(v.marks) > 0 OR v.keys IS NOT NULL)),
               ARRAY(
                 SELECT (SELECT COALESCE(sum(COALESCE(m.weight, 1)), 0)::integer
                         FROM votes v, unnest(v.marks, v.weights) AS m (mark, weight) WHERE v.poll_id = t.poll_id AND m.mark = o.n - 1)
                 FROM unnest(t.counts) WITH ORDINALITY AS o (count, n) ORDER BY o.n)
        FROM tallies t WHERE t.poll_id = $1
        """;

    public TallyAudit ShouldBeExact()
    {
        Voters.ShouldBe(VotersAgain, $"voters at version {Version}");
        Counts.ShouldBe(CountsAgain, $"counts at version {Version}");
        return this;
    }

    public void ShouldBe(int voters, params int[] counts)
    {
        ShouldBeExact();
        Voters.ShouldBe(voters);
        Counts.ShouldBe(counts);
    }
}
